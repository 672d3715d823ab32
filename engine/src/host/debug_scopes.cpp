#include "debug_scopes.hpp"

#include <dwarf.h>

#include <algorithm>
#include <optional>

namespace heddle::engine {

/// A number that an attribute holds; 0 if there is none.
Dwarf_Word number_in(Dwarf_Die* die, unsigned name) {
    Dwarf_Attribute attribute;
    Dwarf_Word number = 0;
    if (dwarf_attr(die, name, &attribute) == nullptr || dwarf_formudata(&attribute, &number) != 0) return 0;
    return number;
}

namespace {

/// Calls `visit` for each of the DIEs directly below one, until it returns true.
template <class Visit>
void visit_children(Dwarf_Die parent, const Visit& visit) {
    Dwarf_Die child;
    if (dwarf_child(&parent, &child) != 0) return;
    do {
        if (visit(child)) return;
    } while (dwarf_siblingof(&child, &child) == 0);
}

bool may_hold_functions(int tag) {
    return tag == DW_TAG_namespace || tag == DW_TAG_class_type || tag == DW_TAG_structure_type ||
           tag == DW_TAG_subprogram || tag == DW_TAG_lexical_block;
}

}  // namespace

Scopes::Scopes(const Dwarf_Die& unit) { add_functions_in(unit); }

void Scopes::add_functions_in(Dwarf_Die scope) {
    visit_children(scope, [this](Dwarf_Die& child) {
        const int tag = dwarf_tag(&child);
        const bool has_code = dwarf_hasattr(&child, DW_AT_low_pc) != 0 || dwarf_hasattr(&child, DW_AT_ranges) != 0;
        if (tag == DW_TAG_subprogram && has_code) functions_.push_back(child);
        if (may_hold_functions(tag)) add_functions_in(child);
        return false;
    });
}

std::vector<Dwarf_Die> Scopes::at(Dwarf_Addr code) const {
    std::vector<Dwarf_Die> scopes;
    for (Dwarf_Die function : functions_)
        if (dwarf_haspc(&function, code) > 0) scopes.push_back(function);
    if (scopes.empty()) return {};
    scopes.erase(scopes.begin(), scopes.end() - 1);
    for (bool deeper = true; deeper;) {
        deeper = false;
        visit_children(scopes.back(), [&](Dwarf_Die& child) {
            const int tag = dwarf_tag(&child);
            if (tag != DW_TAG_lexical_block && tag != DW_TAG_inlined_subroutine) return false;
            if (dwarf_haspc(&child, code) <= 0) return false;
            scopes.push_back(child);
            return deeper = true;
        });
    }
    std::reverse(scopes.begin(), scopes.end());
    return scopes;
}

}  // namespace heddle::engine
