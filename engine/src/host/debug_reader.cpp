#include "debug_reader.hpp"

#include <dwarf.h>
#include <unistd.h>

#include <cstdlib>
#include <string>

namespace heddle::engine {

namespace {

/// Libdw asks servers on the network for what is not on this machine, if a variable names some: a check must not wait for them.
class WithoutServers {
  public:
    WithoutServers() { unsetenv(names_servers); }
    WithoutServers(const WithoutServers&) = delete;
    WithoutServers& operator=(const WithoutServers&) = delete;
    ~WithoutServers() {
        if (servers_) setenv(names_servers, servers_->c_str(), 1);
    }

  private:
    static constexpr const char* names_servers = "DEBUGINFOD_URLS";

    static std::optional<std::string> named() {
        const char* const servers = std::getenv(names_servers);
        return servers != nullptr ? std::optional<std::string>(servers) : std::nullopt;
    }

    std::optional<std::string> servers_ = named();
};

template <auto libdws, class... Arguments>
int find(Arguments... arguments) {
    const WithoutServers here;
    return libdws(arguments...);
}

constexpr Dwfl_Callbacks callbacks{.find_elf = &find<&dwfl_linux_proc_find_elf>,
                                   .find_debuginfo = &find<&dwfl_standard_find_debuginfo>,
                                   .section_address = nullptr,
                                   .debuginfo_path = nullptr};

/// The unit that has the code. GCC writes a table of that (.debug_aranges), Clang does not.
Dwarf_Die* unit_of(Dwfl_Module* module, std::uintptr_t code, Dwarf_Addr& bias) {
    if (Dwarf_Die* const unit = dwfl_module_addrdie(module, code, &bias)) return unit;
    Dwarf_Die* unit = dwfl_module_nextcu(module, nullptr, &bias);
    while (unit != nullptr && dwarf_haspc(unit, code - bias) <= 0) unit = dwfl_module_nextcu(module, unit, &bias);
    return unit;
}

DebugReader::Level line_of(Dwarf_Die* unit, Dwarf_Addr code) {
    DebugReader::Level level;
    Dwarf_Line* const line = dwarf_getsrc_die(unit, code);
    int number = 0;
    if (line == nullptr || dwarf_lineno(line, &number) != 0) return level;
    if (const char* const file = dwarf_linesrc(line, nullptr, nullptr)) level.file = file;
    level.line = static_cast<std::uint32_t>(number);
    return level;
}

/// Where what was inlined is called.
DebugReader::Level caller_of(Dwarf_Die* unit, Dwarf_Die* inlined) {
    DebugReader::Level caller;
    Dwarf_Files* files = nullptr;
    if (dwarf_getsrcfiles(unit, &files, nullptr) == 0)
        if (const char* const file = dwarf_filesrc(files, number_in(inlined, DW_AT_call_file), nullptr, nullptr))
            caller.file = file;
    caller.line = static_cast<std::uint32_t>(number_in(inlined, DW_AT_call_line));
    return caller;
}

}  // namespace

DebugReader::DebugReader() : session_(dwfl_begin(&callbacks)) {
    dwfl_report_begin(session_);
    dwfl_linux_proc_report(session_, getpid());
    dwfl_report_end(session_, nullptr, nullptr);
}

DebugReader::~DebugReader() { dwfl_end(session_); }

std::optional<DebugReader::Code> DebugReader::at(std::uintptr_t code) {
    Code found{.module = module_of(code)};
    if (found.module == nullptr) return std::nullopt;
    Dwarf_Die* const unit = unit_of(found.module, code, found.bias);
    if (unit == nullptr) {
        found.levels.resize(1);
        return found;
    }
    found.levels.push_back(line_of(unit, code - found.bias));
    for (Dwarf_Die& scope : scopes_in(*unit).at(code - found.bias)) {
        const int tag = dwarf_tag(&scope);
        if (tag != DW_TAG_inlined_subroutine && tag != DW_TAG_subprogram) continue;
        found.levels.back().function = scope;
        if (tag == DW_TAG_inlined_subroutine) found.levels.push_back(caller_of(unit, &scope));
    }
    return found;
}

std::optional<Dwarf_Die> DebugReader::function_at(std::uintptr_t code) {
    const auto found = at(code);
    return found ? found->levels.back().function : std::nullopt;
}

const Scopes& DebugReader::scopes_in(const Dwarf_Die& unit) {
    auto& parsed = scopes_[unit.addr];
    if (!parsed) parsed = std::make_unique<Scopes>(unit);
    return *parsed;
}

}  // namespace heddle::engine
