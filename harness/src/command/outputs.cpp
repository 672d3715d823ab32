#include "outputs.hpp"

#include <filesystem>
#include <functional>
#include <memory>
#include <stdexcept>

#include <fmt/format.h>

#include "report/report.hpp"
#include "report/sarif.hpp"

namespace heddle::harness {

namespace fs = std::filesystem;

OutputFile::OutputFile(std::string path, std::string_view flag) : path_(std::move(path)), written_(path_) {
    std::error_code error;
    const fs::file_status there = fs::status(path_, error);
    if (!fs::exists(there) || fs::is_regular_file(there)) written_ += ".part";
    file_.open(written_);
    if (!file_) throw UsageError(fmt::format("cannot write to '{}', the file that {} names", path_, flag));
}

OutputFile::~OutputFile() {
    std::error_code error;
    if (file_.is_open() && written_ != path_) fs::remove(written_, error);
}

void OutputFile::write(const std::string& text) {
    file_ << text << std::flush;
    if (!file_) throw std::runtime_error(fmt::format("writing to '{}' failed", path_));
    if (written_ != path_) fs::rename(written_, path_);
    file_.close();
}

struct Outputs::Output {
    std::unique_ptr<OutputFile> file;
    std::function<std::string(const std::vector<Verdict>&)> report;
};

Outputs::Outputs(const Arguments& arguments) {
    const auto add = [this](const std::string& path, std::string_view flag, auto report) {
        if (!path.empty()) outputs_.push_back({std::make_unique<OutputFile>(path, flag), report});
    };
    add(arguments.json, "--json", json_report);
    add(arguments.junit, "--junit", junit_report);
    add(arguments.sarif, "--sarif", [](const std::vector<Verdict>& verdicts) {
        return sarif_report(verdicts, SourceFiles(SourceFiles::usual_root()));
    });
}

Outputs::~Outputs() = default;

void Outputs::write(const std::vector<Verdict>& verdicts) {
    for (const Output& output : outputs_) output.file->write(output.report(verdicts));
}

}  // namespace heddle::harness
