#include "thread_variables.hpp"

#include <fcntl.h>
#include <link.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <string_view>
#include <utility>

#include <heddle/engine/run.hpp>

#include "allocation.hpp"

namespace heddle::engine {

namespace {

/// Variables that lie side by side in the block that each OS thread has of a module.
struct Range {
    std::size_t begin;
    std::size_t end;
};

/// By what their names hold: the engines' and Relacy's, which live across switches, and those of the platform of real
/// threads, which no fiber uses.
bool is_of_program(std::string_view name) {
    constexpr std::array<std::string_view, 4> others{"6heddle6engine", "N2rl", "6heddle11StdPlatform",
                                                     "6heddle6detail"};
    return std::none_of(others.begin(), others.end(),
                        [&](std::string_view other) { return name.find(other) != std::string_view::npos; });
}

/// Says whether the variables of a source file, of whoever they are, have been made.
constexpr std::string_view guard_of_a_file = "__tls_guard";

/// The file that this process runs, as it lies on the disk: symbols are not loaded.
class Executable {
  public:
    Executable() {
        const int file = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
        struct stat status {};
        if (file >= 0 && fstat(file, &status) == 0) {
            size_ = static_cast<std::size_t>(status.st_size);
            void* const got = mmap(nullptr, size_, PROT_READ, MAP_PRIVATE, file, 0);
            if (got != MAP_FAILED) begin_ = static_cast<const std::byte*>(got);
        }
        if (file >= 0) close(file);
    }
    Executable(const Executable&) = delete;
    Executable& operator=(const Executable&) = delete;
    ~Executable() {
        if (begin_ != nullptr) munmap(const_cast<std::byte*>(begin_), size_);
    }

    /// Calls `use(name, symbol)` for each variable of threads that it defines; for none if symbols were stripped. Names of others are
    /// not looked at: there are tens of thousands, and this is done in each process.
    template <class Use>
    void for_each_variable(const Use& use) const {
        if (begin_ == nullptr) return;
        const auto& header = at<ElfW(Ehdr)>(0);
        for (unsigned n = 0; n != header.e_shnum; ++n) {
            const auto& section = at<ElfW(Shdr)>(header.e_shoff + n * sizeof(ElfW(Shdr)));
            if (section.sh_type != SHT_SYMTAB) continue;
            const auto& names = at<ElfW(Shdr)>(header.e_shoff + section.sh_link * sizeof(ElfW(Shdr)));
            for (std::size_t offset = 0; offset != section.sh_size; offset += sizeof(ElfW(Sym))) {
                const auto& symbol = at<ElfW(Sym)>(section.sh_offset + offset);
                if (ELF64_ST_TYPE(symbol.st_info) != STT_TLS || symbol.st_shndx == SHN_UNDEF) continue;
                use(std::string_view(&at<char>(names.sh_offset + symbol.st_name)), symbol);
            }
        }
    }

  private:
    template <class T>
    const T& at(std::size_t offset) const {
        return *reinterpret_cast<const T*>(begin_ + offset);
    }

    const std::byte* begin_ = nullptr;
    std::size_t size_ = 0;
};

/// A library of the system, whose variables are of the OS thread and not of the program; or heddle itself.
bool is_left_alone(std::string_view path) {
    constexpr std::array<std::string_view, 3> folders{"/lib/", "/lib64/", "/usr/lib/"};
    return path.substr(path.rfind('/') + 1).starts_with("libheddle") ||
           std::any_of(folders.begin(), folders.end(),
                       [&](std::string_view folder) { return path.starts_with(folder); });
}

/// The executable, or a library: what a new thread's variables begin with, and where those of the program are.
struct Module {
    std::size_t number;                      ///< what the loader calls it
    const std::byte* initialised = nullptr;  ///< the first bytes of the block; the others are zero
    std::size_t initialised_bytes = 0;
    std::vector<Range> ranges{};
};

/// As the loader has it; see the ABI's supplements on thread-local storage.
struct Address {
    unsigned long module;
    unsigned long offset;
};
extern "C" void* __tls_get_addr(Address* address);  // NOLINT: the loader's own name

/// The variables of the program, module by module, as they are when first asked for.
class Layout {
  public:
    static const Layout& get() {
        static const Layout layout;
        return layout;
    }

    const std::vector<Module>& modules() const { return modules_; }
    bool knows_executable() const { return knows_executable_; }

  private:
    Layout() {
        dl_iterate_phdr(
            [](dl_phdr_info* info, std::size_t /*size*/, void* layout) {
                for (unsigned n = 0; n != info->dlpi_phnum; ++n)
                    if (info->dlpi_phdr[n].p_type == PT_TLS)
                        static_cast<Layout*>(layout)->add(*info, info->dlpi_phdr[n]);
                static_cast<Layout*>(layout)->is_executable_ = false;  // that is the first
                return 0;
            },
            this);
        std::erase_if(modules_, [](const Module& module) { return module.ranges.empty(); });
    }

    void add(const dl_phdr_info& info, const ElfW(Phdr) & segment) {
        if (!is_executable_ && is_left_alone(info.dlpi_name)) return;
        // NOLINTNEXTLINE(performance-no-int-to-ptr): the loader says where in numbers
        const auto* const initialised = reinterpret_cast<const std::byte*>(info.dlpi_addr + segment.p_vaddr);
        Module& module = modules_.emplace_back(Module{info.dlpi_tls_modid, initialised, segment.p_filesz});
        if (is_executable_) module.ranges = ranges_of_executable();
        else module.ranges = {{0, segment.p_memsz}};
    }

    /// An executable has variables of the engines, too.
    std::vector<Range> ranges_of_executable() {
        std::vector<Range> ranges;
        bool any = false;
        Executable().for_each_variable([&](std::string_view name, const ElfW(Sym) & symbol) {
            knows_executable_ = true;
            if (!is_of_program(name)) return;
            ranges.push_back({symbol.st_value, symbol.st_value + symbol.st_size});
            any = any || name != guard_of_a_file;
        });
        if (!any) ranges.clear();  // the guards are the engine's own
        std::sort(ranges.begin(), ranges.end(), [](const Range& a, const Range& b) { return a.begin < b.begin; });
        return ranges;
    }

    std::vector<Module> modules_;
    bool is_executable_ = true;
    bool knows_executable_ = false;
};

/// The block that the calling OS thread has of a module.
std::byte* block_of_this_thread(const Module& module) {
    Address begin{module.number, 0};
    return static_cast<std::byte*>(__tls_get_addr(&begin));
}

/// Calls `use(module, block, range)` for all variables of the program that the calling OS thread has.
template <class Use>
void for_each_range(const Use& use) {
    for (const Module& module : Layout::get().modules()) {
        std::byte* const block = block_of_this_thread(module);
        for (const Range& range : module.ranges) use(module, block, range);
    }
}

}  // namespace

bool ThreadVariables::exist() { return !Layout::get().modules().empty(); }

bool ThreadVariables::are_known() { return Layout::get().knows_executable(); }

void ThreadVariables::save() {
    values_.clear();
    for_each_range([this](const Module&, const std::byte* block, const Range& range) {
        values_.insert(values_.end(), block + range.begin, block + range.end);
    });
}

void ThreadVariables::load() const {
    if (values_.empty()) return;  // it is new, and will begin() them
    const std::byte* value = values_.data();
    for_each_range([&](const Module&, std::byte* block, const Range& range) {
        std::memcpy(block + range.begin, value, range.end - range.begin);
        value += range.end - range.begin;
    });
}

std::uint64_t ThreadVariables::digest(std::uint64_t value) {
    constexpr std::uint64_t prime = 0x100000001b3;  // FNV-1a; they need not begin where words do
    for_each_range([&](const Module&, const std::byte* block, const Range& range) {
        for (std::size_t at = range.begin; at != range.end; ++at)
            value = (value ^ std::to_integer<std::uint64_t>(block[at])) * prime;
    });
    return value;
}

void ThreadVariables::exchange(ThreadVariables& leaves, ThreadVariables& comes) {
    const AllocateFor engine(nullptr);
    leaves.save();
    comes.load();
    current_ = &comes;
}

void ThreadVariables::take() {
    if (current_ == nullptr) return;
    save();
    ends_ = std::exchange(current_->ends_, {});
}

void ThreadVariables::give() {
    if (current_ == nullptr) return;
    load();
    current_->ends_ = std::exchange(ends_, {});
}

void ThreadVariables::begin() {
    if (current_ == nullptr) return;
    current_->ends_.clear();
    for_each_range([](const Module& module, std::byte* block, const Range& range) {
        const std::size_t zero = std::clamp(module.initialised_bytes, range.begin, range.end);
        std::memcpy(block + range.begin, module.initialised + range.begin, zero - range.begin);
        std::memset(block + zero, 0, range.end - zero);
    });
}

bool ThreadVariables::ends_with(void (*end)(void*), void* object) {
    if (current_ == nullptr) return false;
    const AllocateFor engine(nullptr);
    current_->ends_.push_back({end, object});
    return true;
}

void ThreadVariables::end() {
    while (current_ != nullptr && !current_->ends_.empty()) {
        const End last = current_->ends_.back();
        current_->ends_.pop_back();
        last.function(last.object);
    }
}

void end_thread_variables() { ThreadVariables::end(); }

}  // namespace heddle::engine
