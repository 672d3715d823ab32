// What libstdc++ reads and writes outside of its own objects when strings are hashed, written to a stream or read from one.
#include <istream>
#include <ostream>
#include <string>

#include "real.hpp"
#include "hooks/on_behalf.hpp"

namespace heddle::unmodified {
namespace {

std::size_t bytes(std::streamsize count) { return count < 0 ? 0 : static_cast<std::size_t>(count); }

/// The object is read, and what it holds.
void read_string(const OnBehalf& memory, const std::string& text) {
    memory.reads(&text, sizeof(char*) + sizeof(std::size_t));  // where the characters are, and how many
    memory.reads(text.data(), text.size());
}

}  // namespace
}  // namespace heddle::unmodified

using namespace heddle::unmodified;  // NOLINT: what follows are the names of the standard library

HEDDLE_IN_FRONT(std::size_t, heddle_hash_bytes, "_ZSt11_Hash_bytesPKvmm",
                (const void* from, std::size_t size, std::size_t seed), (from, size, seed), memory.reads(from, size))
HEDDLE_IN_FRONT(std::size_t, heddle_fnv_hash_bytes, "_ZSt15_Fnv_hash_bytesPKvmm",
                (const void* from, std::size_t size, std::size_t seed), (from, size, seed), memory.reads(from, size))
HEDDLE_IN_FRONT(std::ostream*, heddle_insert_string,
                "_ZStlsIcSt11char_traitsIcESaIcEERSt13basic_ostreamIT_T0_ES7_RKNSt7__cxx1112basic_stringIS4_S5_T1_EE",
                (std::ostream & stream, const std::string& text), (stream, text), read_string(memory, text))
HEDDLE_IN_FRONT(std::ostream*, heddle_insert_text, "_ZStlsISt11char_traitsIcEERSt13basic_ostreamIcT_ES5_PKc",
                (std::ostream & stream, const char* text), (stream, text),
                if (text != nullptr) memory.reads(text, std::char_traits<char>::length(text) + 1))
HEDDLE_IN_FRONT(std::ostream*, heddle_insert_view,
                "_ZSt16__ostream_insertIcSt11char_traitsIcEERSt13basic_ostreamIT_T0_ES6_PKS3_l",
                (std::ostream & stream, const char* from, std::streamsize count), (stream, from, count),
                memory.reads(from, bytes(count)))
HEDDLE_IN_FRONT(std::ostream*, heddle_stream_write, "_ZNSo5writeEPKcl",
                (std::ostream * stream, const char* from, std::streamsize count), (stream, from, count),
                memory.reads(from, bytes(count)))

/// As many bytes are written as there are.
HEDDLE_HOOK std::istream* heddle_stream_read(std::istream* stream, char* to,
                                             std::streamsize count) __asm__("_ZNSi4readEPcl");
HEDDLE_HOOK std::istream* heddle_stream_read(std::istream* stream, char* to, std::streamsize count) {
    static const auto real = real_function<std::istream*(std::istream*, char*, std::streamsize)>("_ZNSi4readEPcl");
    std::istream* const read = real(stream, to, count);
    OnBehalf(HEDDLE_CALLER).writes(to, bytes(stream->gcount()));
    return read;
}
