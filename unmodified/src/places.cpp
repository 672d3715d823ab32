#include "places.hpp"

#include <cxxabi.h>
#include <dwarf.h>
#include <elfutils/libdw.h>
#include <elfutils/libdwfl.h>
#include <unistd.h>

#include <cstdlib>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "backward_jumps.hpp"
#include "debug_scopes.hpp"
#include "debug_variables.hpp"

namespace heddle::unmodified {

bool Place::is_in_library() const { return std::string_view(file).starts_with("/usr/"); }

namespace {

std::string demangled(const char* name) {
    if (name == nullptr) return {};
    int status = 0;
    const std::unique_ptr<char, decltype(&std::free)> text(abi::__cxa_demangle(name, nullptr, nullptr, &status),
                                                           &std::free);
    return status == 0 ? text.get() : name;
}

std::string function_name(Dwarf_Die* function) {
    Dwarf_Attribute attribute;
    for (const unsigned mangled : {DW_AT_linkage_name, DW_AT_MIPS_linkage_name})
        if (dwarf_attr_integrate(function, mangled, &attribute) != nullptr)
            return demangled(dwarf_formstring(&attribute));
    const char* const name = dwarf_diename(function);
    return name != nullptr ? name : "";
}

std::string as_text(const Places::Symbol& symbol) {
    return symbol.name + (symbol.past == 0 ? "" : "+" + std::to_string(symbol.past));
}

/// Whether the code of a scope may have a loop. That of large ones is not looked at.
bool may_loop(Dwarf_Die& scope, Dwarf_Addr bias) {
    constexpr std::size_t most_bytes = 1024;
    std::vector<Code> parts;
    std::size_t bytes = 0;
    Dwarf_Addr base = 0, begin = 0, end = 0;
    std::ptrdiff_t at = 0;
    while ((at = dwarf_ranges(&scope, at, &base, &begin, &end)) > 0) {
        parts.emplace_back(reinterpret_cast<const std::uint8_t*>(begin + bias), end - begin);
        bytes += end - begin;
    }
    return parts.empty() || bytes > most_bytes || may_jump_back(parts);
}

}  // namespace

struct Places::Reader {
    Dwfl_Callbacks callbacks{.find_elf = dwfl_linux_proc_find_elf,
                             .find_debuginfo = dwfl_standard_find_debuginfo,
                             .section_address = nullptr,
                             .debuginfo_path = nullptr};
    Dwfl* session = dwfl_begin(&callbacks);
    std::unordered_map<std::uintptr_t, std::vector<Place>> known;
    std::unordered_map<const void*, std::unique_ptr<Scopes>> scopes;  ///< by the unit

    Reader() {
        dwfl_report_begin(session);
        dwfl_linux_proc_report(session, getpid());
        dwfl_report_end(session, nullptr, nullptr);
    }
    Reader(const Reader&) = delete;
    Reader& operator=(const Reader&) = delete;
    ~Reader() { dwfl_end(session); }

    std::vector<Place> look_up(std::uintptr_t code) {
        Dwfl_Module* const module = dwfl_addrmodule(session, code);
        if (module == nullptr) return {};
        std::vector<Place> places(1);
        Dwarf_Addr bias = 0;
        Dwarf_Die* const unit = unit_of(module, code, bias);
        if (unit != nullptr) {
            if (Dwarf_Line* const line = dwarf_getsrc_die(unit, code - bias)) {
                int number = 0;
                dwarf_lineno(line, &number);
                const char* const file = dwarf_linesrc(line, nullptr, nullptr);
                if (file != nullptr) places[0].file = file;
                places[0].line = static_cast<std::uint32_t>(number);
            }
            for (Dwarf_Die& scope : scopes_in(*unit).at(code - bias)) add(scope, unit, bias, places);
        }
        if (places.back().function.empty()) places.back().function = demangled(dwfl_module_addrname(module, code));
        return places;
    }

    /// The unit that has the code. GCC writes a table of that (.debug_aranges), Clang does not.
    static Dwarf_Die* unit_of(Dwfl_Module* module, std::uintptr_t code, Dwarf_Addr& bias) {
        if (Dwarf_Die* const unit = dwfl_module_addrdie(module, code, &bias)) return unit;
        Dwarf_Die* unit = dwfl_module_nextcu(module, nullptr, &bias);
        while (unit != nullptr && dwarf_haspc(unit, code - bias) <= 0) unit = dwfl_module_nextcu(module, unit, &bias);
        return unit;
    }

    const Scopes& scopes_in(const Dwarf_Die& unit) {
        auto& parsed = scopes[unit.addr];
        if (!parsed) parsed = std::make_unique<Scopes>(unit);
        return *parsed;
    }

    /// A scope that the code is in, from the innermost on: names the place so far, and adds where it was inlined into.
    static void add(Dwarf_Die& scope, Dwarf_Die* unit, Dwarf_Addr bias, std::vector<Place>& places) {
        const int tag = dwarf_tag(&scope);
        if (tag != DW_TAG_inlined_subroutine && tag != DW_TAG_subprogram) return;
        if (places.back().function.empty()) places.back().function = function_name(&scope);
        places.back().may_loop = may_loop(scope, bias);
        if (tag == DW_TAG_subprogram) return;
        Dwarf_Files* files = nullptr;
        std::size_t count = 0;
        Place caller;
        if (dwarf_getsrcfiles(unit, &files, &count) == 0)
            if (const char* const file = dwarf_filesrc(files, number_in(&scope, DW_AT_call_file), nullptr, nullptr))
                caller.file = file;
        caller.line = static_cast<std::uint32_t>(number_in(&scope, DW_AT_call_line));
        places.push_back(std::move(caller));
    }
};

Places::Places() = default;
Places::~Places() = default;

const std::vector<Place>& Places::of(std::uintptr_t return_address) {
    if (!reader_) reader_ = std::make_unique<Reader>();
    const auto [found, is_new] = reader_->known.try_emplace(return_address);
    if (is_new) found->second = reader_->look_up(return_address - 1);
    return found->second;
}

std::string Places::local_of(const Calls::Call& call, std::uintptr_t address) {
    if (!reader_) reader_ = std::make_unique<Reader>();
    Dwarf_Addr bias = 0;
    Dwfl_Module* const module = dwfl_addrmodule(reader_->session, call.code);
    Dwarf_Die* const unit = module == nullptr ? nullptr : Reader::unit_of(module, call.code, bias);
    if (unit == nullptr) return {};
    for (Dwarf_Die& scope : reader_->scopes_in(*unit).at(call.code - bias))
        if (dwarf_tag(&scope) == DW_TAG_subprogram) return variable_of(scope, call, address);
    return {};
}

std::optional<Places::Symbol> Places::symbol_at(std::uintptr_t address) {
    if (!reader_) reader_ = std::make_unique<Reader>();
    Dwfl_Module* const module = dwfl_addrmodule(reader_->session, address);
    if (module == nullptr) return std::nullopt;
    GElf_Off past = 0;
    GElf_Sym symbol;
    const char* const name = dwfl_module_addrinfo(module, address, &past, &symbol, nullptr, nullptr, nullptr);
    if (name == nullptr || past >= symbol.st_size) return std::nullopt;
    return Symbol{demangled(name), symbol.st_size, past};
}

std::string Places::symbol_of(std::uintptr_t address) {
    const auto symbol = symbol_at(address);
    return symbol ? as_text(*symbol) : std::string{};
}

std::string Places::thread_local_of(std::uintptr_t in_module, std::size_t offset) {
    if (!reader_) reader_ = std::make_unique<Reader>();
    Dwfl_Module* const module = dwfl_addrmodule(reader_->session, in_module);
    const int count = module == nullptr ? 0 : dwfl_module_getsymtab(module);
    for (int at = 0; at < count; ++at) {
        GElf_Sym symbol;
        GElf_Addr adjusted = 0;  // as if it were an address, which an offset is not
        const char* const name = dwfl_module_getsym_info(module, at, &symbol, &adjusted, nullptr, nullptr, nullptr);
        if (name == nullptr || GELF_ST_TYPE(symbol.st_info) != STT_TLS) continue;
        if (offset - symbol.st_value >= symbol.st_size) continue;
        return as_text({demangled(name), symbol.st_size, offset - symbol.st_value});
    }
    return {};
}

}  // namespace heddle::unmodified
