#include "found.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

#include <nlohmann/json.hpp>

#include "serial.hpp"

namespace heddle::harness {

std::string contents(const std::filesystem::path& path) {
    std::ostringstream text;
    text << std::ifstream(path).rdbuf();
    return text.str();
}

std::vector<Verdict> verdicts_of(const std::string& program, const std::string& arguments) {
    const auto path = std::filesystem::temp_directory_path() / ("heddle-report-" + std::to_string(getpid()) + ".json");
    const int status = std::system((program + ' ' + arguments + " --json " + path.string() + " >/dev/null").c_str());
    EXPECT_EQ(status, 0) << program << ' ' << arguments;
    std::vector<Verdict> verdicts;
    const auto json = nlohmann::json::parse(contents(path));
    for (const auto& model : json.at("models")) verdicts.push_back(verdict_from_json(model));
    std::filesystem::remove(path);
    return verdicts;
}

}  // namespace heddle::harness
