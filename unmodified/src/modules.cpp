#include "modules.hpp"

#include <dlfcn.h>
#include <elf.h>
#include <link.h>

#include <algorithm>
#include <cstring>
#include <string_view>

#include <heddle/engine/thread_pointer.hpp>

namespace heddle::unmodified {

namespace {

constexpr std::uintptr_t page_bytes = 4096;

/// What the dynamic section of a module says of its symbols.
struct Symbols {
    const ElfW(Sym) * table = nullptr;
    const char* names = nullptr;
    std::size_t count = 0;

    /// Whether the module uses or has a symbol of that name.
    bool have(std::string_view name) const {
        return std::any_of(table, table + count, [&](const ElfW(Sym) & one) { return names + one.st_name == name; });
    }
};

/// How many symbols a GNU hash table covers: the last chain's end.
std::size_t count_in_gnu_hash(const std::uint32_t* hash) {
    const std::uint32_t buckets = hash[0];
    const std::uint32_t first = hash[1];
    const std::uint32_t* const bucket = hash + 4 + hash[2] * (sizeof(ElfW(Addr)) / sizeof(std::uint32_t));
    const std::uint32_t* const chain = bucket + buckets;
    const std::uint32_t last = *std::max_element(bucket, bucket + buckets);
    if (last < first) return first;
    std::uint32_t at = last;
    while ((chain[at - first] & 1U) == 0) ++at;
    return at + 1;
}

Symbols symbols_of(const dl_phdr_info& module) {
    Symbols symbols;
    for (int i = 0; i != module.dlpi_phnum; ++i) {
        if (module.dlpi_phdr[i].p_type != PT_DYNAMIC) continue;
        const auto* entry = reinterpret_cast<const ElfW(Dyn)*>(module.dlpi_addr + module.dlpi_phdr[i].p_vaddr);
        for (; entry->d_tag != DT_NULL; ++entry) {
            const auto at = entry->d_un.d_ptr;  // relocated by the loader, but in the kernel's own module
            if (at < page_bytes) continue;
            if (entry->d_tag == DT_SYMTAB) symbols.table = reinterpret_cast<const ElfW(Sym)*>(at);
            if (entry->d_tag == DT_STRTAB) symbols.names = reinterpret_cast<const char*>(at);
            if (entry->d_tag == DT_GNU_HASH)
                symbols.count = count_in_gnu_hash(reinterpret_cast<const std::uint32_t*>(at));
        }
    }
    if (symbols.table == nullptr || symbols.names == nullptr) symbols.count = 0;
    return symbols;
}

std::string_view file_name(std::string_view path) { return path.substr(path.rfind('/') + 1); }

/// Of the libraries that the module says it needs.
std::vector<std::string_view> names_needed_by(const dl_phdr_info& module) {
    const char* const names = symbols_of(module).names;
    std::vector<std::string_view> needed;
    for (int i = 0; names != nullptr && i != module.dlpi_phnum; ++i) {
        if (module.dlpi_phdr[i].p_type != PT_DYNAMIC) continue;
        const auto* entry = reinterpret_cast<const ElfW(Dyn)*>(module.dlpi_addr + module.dlpi_phdr[i].p_vaddr);
        for (; entry->d_tag != DT_NULL; ++entry)
            if (entry->d_tag == DT_NEEDED) needed.emplace_back(names + entry->d_un.d_val);
    }
    return needed;
}

Range range_of(const dl_phdr_info& module) {
    Range all{~std::uintptr_t{0}, 0};
    for (int i = 0; i != module.dlpi_phnum; ++i) {
        const auto& part = module.dlpi_phdr[i];
        if (part.p_type != PT_LOAD) continue;
        all.begin = std::min<std::uintptr_t>(all.begin, module.dlpi_addr + part.p_vaddr);
        all.end = std::max<std::uintptr_t>(all.end, module.dlpi_addr + part.p_vaddr + part.p_memsz);
    }
    return all;
}

}  // namespace

struct Modules::Look {
    Modules& modules;
    bool is_first = true;
    struct Other {
        std::string_view name;
        Range range;
        std::vector<std::string_view> needs;
    };
    std::vector<Other> others;                 ///< without hooks
    std::vector<std::string_view> own_needed;  ///< by this library, and by those

    void at(const dl_phdr_info& module) {
        const bool is_executable = is_first;
        is_first = false;
        const std::string_view name = module.dlpi_name;
        if (name.find("linux-vdso") != name.npos) return;
        const Range range = range_of(module);
        if (range.holds(reinterpret_cast<std::uintptr_t>(&count_in_gnu_hash))) {
            modules.own_ = range;
            own_needed = names_needed_by(module);
            return;
        }
        if (name.find("/libc.so") != name.npos) modules.libc_ = range;
        if (name.find("/libstdc++.so") != name.npos) modules.cxx_ = range;
        if (name.find("/libtsan.so") != name.npos)
            modules.objection_ = "libtsan is loaded: link without -fsanitize=thread, which is for compiling only";
        const bool is_hooked = symbols_of(module).have("__tsan_func_entry");
        if (is_executable && !is_hooked)
            modules.objection_ =
                "the program has no hooks: it was compiled without -fsanitize=thread, or with -flto, which drops them";
        if (!is_hooked) {
            modules.unseen_.push_back(range);
            add_writable(module, modules.unseen_writable_);
            others.push_back({file_name(name), range, names_needed_by(module)});
            return;
        }
        modules.seen_.push_back(range);
        modules.looks_at_errno_ |= symbols_of(module).have("__errno_location");
        add_memory(module);
    }

    /// Those that the program brings along, beside what heddle itself is made of.
    void find_libraries() {
        for (std::size_t at = 0; at != own_needed.size(); ++at)
            for (const Other& other : others)
                if (other.name == own_needed[at])
                    for (const std::string_view name : other.needs)
                        if (!is_own(name)) own_needed.push_back(name);
        for (const Other& other : others)
            if (!is_own(other.name)) modules.libraries_.push_back(other.range);
    }

    bool is_own(std::string_view name) const {
        return std::find(own_needed.begin(), own_needed.end(), name) != own_needed.end();
    }

    void add_memory(const dl_phdr_info& module) {
        add_writable(module, modules.writable_);
        for (int i = 0; i != module.dlpi_phnum; ++i)
            if (const auto& part = module.dlpi_phdr[i]; part.p_type == PT_TLS && module.dlpi_tls_data != nullptr)
                modules.thread_local_.push_back(
                    {engine::own_thread_pointer() - reinterpret_cast<std::uintptr_t>(module.dlpi_tls_data),
                     reinterpret_cast<const void*>(module.dlpi_addr + part.p_vaddr), part.p_filesz, part.p_memsz});
    }

    static void add_writable(const dl_phdr_info& module, std::vector<Range>& memory) {
        Range relocated;  // read-only once the program has started
        for (int i = 0; i != module.dlpi_phnum; ++i)
            if (const auto& part = module.dlpi_phdr[i]; part.p_type == PT_GNU_RELRO)
                relocated = {module.dlpi_addr + part.p_vaddr,
                             (module.dlpi_addr + part.p_vaddr + part.p_memsz) & ~(page_bytes - 1)};
        for (int i = 0; i != module.dlpi_phnum; ++i) {
            const auto& part = module.dlpi_phdr[i];
            Range range{module.dlpi_addr + part.p_vaddr, module.dlpi_addr + part.p_vaddr + part.p_memsz};
            if (part.p_type != PT_LOAD || (part.p_flags & PF_W) == 0) continue;
            if (relocated.begin <= range.begin && range.begin < relocated.end) range.begin = relocated.end;
            if (range.begin < range.end) memory.push_back(range);
        }
    }
};

namespace {

/// What stands in front of the functions that this library takes the place of would synchronise unseen.
std::string objection_to_other_definitions(const Range& own) {
    for (const char* const name :
         {"__cxa_guard_acquire", "pthread_create", "pthread_mutex_lock", "syscall", "malloc"}) {
        const auto found = reinterpret_cast<std::uintptr_t>(dlsym(RTLD_DEFAULT, name));
        if (!own.holds(found))
            return std::string(name) + " is not heddle's, but of " + Modules::name_of(found) +
                   ": what has a definition of its own is not seen";
    }
    return {};
}

}  // namespace

/// The standard library is code without hooks, which must not lie among code that has them.
std::string Modules::objection_to_static_library() const {
    if (!is_seen(reinterpret_cast<std::uintptr_t>(dlsym(RTLD_DEFAULT, "__cxa_throw")))) return {};
    return "the standard library is a part of the program, where it has no hooks: link without -static-libstdc++";
}

void Modules::look() {
    Look look{*this};
    dl_iterate_phdr(
        [](dl_phdr_info* module, std::size_t, void* data) {
            static_cast<Look*>(data)->at(*module);
            return 0;
        },
        &look);
    look.find_libraries();
    if (objection_.empty()) objection_ = objection_to_other_definitions(own_);
    if (objection_.empty()) objection_ = objection_to_static_library();
}

std::string Modules::name_of(std::uintptr_t address) {
    Dl_info info{};
    const bool is_known = dladdr(reinterpret_cast<const void*>(address), &info) != 0 && info.dli_fname != nullptr;
    return is_known ? info.dli_fname : "code of no file";
}

bool Modules::is_seen(std::uintptr_t address) const { return is_in(seen_, address); }

}  // namespace heddle::unmodified
