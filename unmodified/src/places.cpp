#include "places.hpp"

#include <cxxabi.h>
#include <dwarf.h>
#include <elfutils/libdw.h>
#include <elfutils/libdwfl.h>

#include <cstdlib>
#include <string_view>
#include <unordered_map>

#include "backward_jumps.hpp"
#include "debug_variables.hpp"
#include "host/debug_reader.hpp"

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
    engine::DebugReader debug;
    std::unordered_map<std::uintptr_t, std::vector<Place>> known;

    std::vector<Place> look_up(std::uintptr_t code) {
        const auto found = debug.at(code);
        if (!found) return {};
        std::vector<Place> places;
        for (const auto& level : found->levels) {
            Place& place = places.emplace_back(Place{.file = level.file, .line = level.line, .function = {}});
            if (!level.function) continue;
            Dwarf_Die function = *level.function;
            place.function = function_name(&function);
            place.may_loop = may_loop(function, found->bias);
        }
        if (places.back().function.empty())
            places.back().function = demangled(dwfl_module_addrname(found->module, code));
        return places;
    }
};

Places::Places() = default;
Places::~Places() = default;

Places::Reader& Places::reader() {
    if (!reader_) reader_ = std::make_unique<Reader>();
    return *reader_;
}

const std::vector<Place>& Places::of(std::uintptr_t return_address) {
    const auto [found, is_new] = reader().known.try_emplace(return_address);
    if (is_new) found->second = reader().look_up(return_address - 1);
    return found->second;
}

std::string Places::local_of(const Calls::Call& call, std::uintptr_t address) {
    auto function = reader().debug.function_at(call.code);
    return function ? variable_of(*function, call, address) : std::string{};
}

std::optional<Places::Symbol> Places::symbol_at(std::uintptr_t address) {
    Dwfl_Module* const module = reader().debug.module_of(address);
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
    Dwfl_Module* const module = reader().debug.module_of(in_module);
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
