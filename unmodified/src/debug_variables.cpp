#include "debug_variables.hpp"

#include <dwarf.h>

#include <optional>

#include "host/debug_scopes.hpp"

namespace heddle::unmodified {

namespace {

using engine::number_in;

/// What a type is when names for it and qualifiers are taken away.
std::optional<Dwarf_Die> type_of(Dwarf_Die* die) {
    Dwarf_Attribute attribute;
    Dwarf_Die type;
    if (dwarf_attr_integrate(die, DW_AT_type, &attribute) == nullptr ||
        dwarf_formref_die(&attribute, &type) == nullptr || dwarf_peel_type(&type, &type) != 0)
        return std::nullopt;
    return type;
}

std::optional<Dwarf_Word> size_of(Dwarf_Die type) {
    Dwarf_Word size = 0;
    if (dwarf_aggregate_size(&type, &size) != 0) return std::nullopt;
    return size;
}

constexpr std::ptrdiff_t byte = 8;  // in bits

/// Where the bits of a bit-field begin, from those of its class.
std::ptrdiff_t begin_of_bits(Dwarf_Die field, std::ptrdiff_t bits) {
    if (dwarf_hasattr(&field, DW_AT_bit_offset) == 0)
        return static_cast<std::ptrdiff_t>(number_in(&field, DW_AT_data_bit_offset));
    // DWARF 3 has it, and Clang still: from the most significant bit of a word that is elsewhere.
    const auto word = static_cast<std::ptrdiff_t>(number_in(&field, DW_AT_data_member_location));
    const auto bytes = static_cast<std::ptrdiff_t>(number_in(&field, DW_AT_byte_size));
    return (word + bytes) * byte - static_cast<std::ptrdiff_t>(number_in(&field, DW_AT_bit_offset)) - bits;
}

/// The bit-fields of a class that have bits in the byte at an offset, as a path to them. Empty if there are none.
std::string bit_fields_in(Dwarf_Die first, std::ptrdiff_t offset) {
    std::string names;
    bool are_several = false;
    do {
        const auto bits = static_cast<std::ptrdiff_t>(number_in(&first, DW_AT_bit_size));
        const std::ptrdiff_t begin = begin_of_bits(first, bits);
        const char* const name = dwarf_diename(&first);
        if (bits == 0 || name == nullptr || begin >= (offset + 1) * byte || begin + bits <= offset * byte) continue;
        are_several = !names.empty();
        names.append(are_several ? "|" : ".").append(name);
    } while (dwarf_siblingof(&first, &first) == 0);
    return are_several ? names + " (bit-fields that share a byte)" : names;
}

/// The path to what is at an offset in an object of a type, from the object's name on.
std::string path_in(Dwarf_Die type, std::ptrdiff_t offset) {
    const int tag = dwarf_tag(&type);
    Dwarf_Die child;
    if (tag == DW_TAG_array_type) {
        const auto element = type_of(&type);
        const auto size = element ? size_of(*element) : std::nullopt;
        if (!size || *size == 0) return {};
        const auto bytes = static_cast<std::ptrdiff_t>(*size);
        return "[" + std::to_string(offset / bytes) + "]" + path_in(*element, offset % bytes);
    }
    if ((tag != DW_TAG_structure_type && tag != DW_TAG_class_type) || dwarf_child(&type, &child) != 0) return {};
    if (std::string fields = bit_fields_in(child, offset); !fields.empty()) return fields;
    do {
        const int kind = dwarf_tag(&child);
        if ((kind != DW_TAG_member && kind != DW_TAG_inheritance) || dwarf_hasattr(&child, DW_AT_bit_size) != 0)
            continue;
        const auto member = type_of(&child);
        const auto size = member ? size_of(*member) : std::nullopt;
        const auto begin = static_cast<std::ptrdiff_t>(number_in(&child, DW_AT_data_member_location));
        if (!size || offset < begin || offset >= begin + static_cast<std::ptrdiff_t>(*size)) continue;
        const char* const name = kind == DW_TAG_inheritance ? nullptr : dwarf_diename(&child);
        // What a standard class is made of says nothing to whoever uses it.
        if (name != nullptr && name[0] == '_') return {};
        return (name == nullptr ? "" : "." + std::string(name)) + path_in(*member, offset - begin);
    } while (dwarf_siblingof(&child, &child) == 0);
    return {};
}

/// Returns: the first operation of what an attribute says of where something is; null if it says more, or nothing.
const Dwarf_Op* only_operation(Dwarf_Die* entry, unsigned attribute_name) {
    Dwarf_Attribute attribute;
    Dwarf_Op* operations = nullptr;
    std::size_t count = 0;
    if (dwarf_attr(entry, attribute_name, &attribute) == nullptr ||
        dwarf_getlocation(&attribute, &operations, &count) != 0 || count != 1)
        return nullptr;
    return operations;
}

/// What the variables of a function are counted from, in one call of it.
class Frame {
  public:
    Frame(Dwarf_Die* function, const Calls::Call& call)
        : top_(call.frame_top), pointer_(call.frame_top - kept), stack_(call.frame + kept) {
        if (const Dwarf_Op* const base = only_operation(function, DW_AT_frame_base)) base_ = base->atom;
    }

    /// Where a variable is; nothing if it is elsewhere.
    std::optional<std::uintptr_t> address_of(Dwarf_Die* variable) const {
        const Dwarf_Op* const place = only_operation(variable, DW_AT_location);
        const auto begin = place == nullptr ? std::nullopt : counted_from(place->atom);
        return begin ? std::optional(*begin + place->number) : std::nullopt;
    }

  private:
    // The registers of a processor, as debugging information numbers them. The stack pointer is what it was when the function
    // began: compilers count from it where they have aligned the frame by more than the stack is, and then it stays.
    static constexpr std::uint8_t is_frame_pointer = DW_OP_reg6;
    static constexpr std::uint8_t from_frame_pointer = DW_OP_breg6;
    static constexpr std::uint8_t from_stack_pointer = DW_OP_breg7;
    static constexpr std::uint8_t from_rbx = DW_OP_breg3;
    /// The return address, and the frame pointer of the caller.
    static constexpr std::uintptr_t kept = 2 * sizeof(void*);

    std::optional<std::uintptr_t> counted_from(std::uint8_t operation) const {
        const bool is_clangs = base_ == is_frame_pointer;
        switch (operation) {
            case DW_OP_fbreg:  // GCC has the top of the frame there, and Clang the frame pointer
                return is_clangs                       ? std::optional(pointer_)
                       : base_ == DW_OP_call_frame_cfa ? std::optional(top_)
                                                       : std::nullopt;
            case from_frame_pointer:
                return pointer_;
            case from_stack_pointer:
                return stack_;
            case from_rbx:  // where Clang keeps the stack pointer if that does not stay
                return is_clangs ? std::optional(stack_) : std::nullopt;
            default:
                return std::nullopt;
        }
    }

    std::uintptr_t top_;
    std::uintptr_t pointer_;
    std::uintptr_t stack_;
    std::uint8_t base_ = 0;
};

/// Of a function or a block: as variable_of() has it.
std::string variable_in(Dwarf_Die& scope, const Frame& frame, std::uintptr_t address) {
    Dwarf_Die child;
    if (dwarf_child(&scope, &child) != 0) return {};
    do {
        const int tag = dwarf_tag(&child);
        if (tag == DW_TAG_lexical_block)
            if (std::string found = variable_in(child, frame, address); !found.empty()) return found;
        if (tag != DW_TAG_variable && tag != DW_TAG_formal_parameter) continue;
        const auto begin = frame.address_of(&child);
        const auto type = type_of(&child);
        const auto size = type ? size_of(*type) : std::nullopt;
        const char* const name = dwarf_diename(&child);
        if (!begin || !size || name == nullptr) continue;
        const std::uintptr_t offset = address - *begin;
        if (offset < *size) return name + path_in(*type, static_cast<std::ptrdiff_t>(offset));
    } while (dwarf_siblingof(&child, &child) == 0);
    return {};
}

}  // namespace

std::string variable_of(Dwarf_Die& function, const Calls::Call& call, std::uintptr_t address) {
    return variable_in(function, Frame(&function, call), address);
}

}  // namespace heddle::unmodified
