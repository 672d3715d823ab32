#include "outputs.hpp"

#include <filesystem>
#include <functional>
#include <memory>
#include <stdexcept>

#include <fmt/format.h>

#include "report/html.hpp"
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
    std::function<std::string(const Results&, const std::string& program)> report;
};

Outputs::Outputs(const Arguments& arguments, const SourceFiles& sources) : sources_(sources), pages_(arguments.html) {
    const auto add = [this](const std::string& path, std::string_view flag, auto report) {
        if (!path.empty()) outputs_.push_back({std::make_unique<OutputFile>(path, flag), report});
    };
    if (arguments.json == "-") throw UsageError("--json -: standard output has the rows; name a file");
    add(arguments.json, "--json",
        [](const Results& results, const std::string& /*program*/) { return json_report(results); });
    add(arguments.junit, "--junit", junit_report);
    add(arguments.sarif, "--sarif", [&sources](const Results& results, const std::string& /*program*/) {
        return sarif_report(results.verdicts, sources);
    });
    if (pages_.empty()) return;
    std::error_code error;
    fs::create_directories(pages_, error);
    const OutputFile probe((fs::path(pages_) / "index.html").string(), "--html");
}

Outputs::~Outputs() = default;

void Outputs::write(const Results& results, const std::string& program) {
    std::string lost;
    const auto attempt = [&](auto writes) {
        try {
            writes();
        } catch (const std::exception& error) {
            lost += (lost.empty() ? "" : "; ") + std::string(error.what());
        }
    };
    for (const Output& output : outputs_) attempt([&] { output.file->write(output.report(results, program)); });
    if (!pages_.empty()) attempt([&] { write_pages(results, program); });
    if (!lost.empty()) throw std::runtime_error(lost);
}

void Outputs::write_pages(const Results& results, const std::string& program) const {
    // The index last: what it names is there.
    const std::vector<Page> pages = html_report(results, sources_, program);
    for (auto page = pages.rbegin(); page != pages.rend(); ++page)
        OutputFile((fs::path(pages_) / page->file).string(), "--html").write(page->text);
}

}  // namespace heddle::harness
