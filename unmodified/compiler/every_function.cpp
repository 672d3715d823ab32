#include "every_function.hpp"

// clang-format off: each of these needs the ones before it
#include <gcc-plugin.h>
#include <tree.h>
#include <stringpool.h>
#include <attribs.h>
// clang-format on

void hook_function(tree function) {
    constexpr const char* name = "no_sanitize";  // which GCC makes of either spelling
    // In place: what a constructor is compiled to, for whole objects and for bases, shares its attributes.
    for (tree found = lookup_attribute(name, DECL_ATTRIBUTES(function)); found != NULL_TREE;
         found = lookup_attribute(name, TREE_CHAIN(found))) {
        const auto others = tree_to_uhwi(TREE_VALUE(found)) & ~static_cast<unsigned HOST_WIDE_INT>(SANITIZE_THREAD);
        TREE_VALUE(found) = build_int_cst(unsigned_type_node, static_cast<HOST_WIDE_INT>(others));
    }
}

void hook_functions_early(const char* plugin) {
    const auto hook = [](void* function, void*) { hook_function(static_cast<tree>(function)); };
    register_callback(plugin, PLUGIN_PRE_GENERICIZE, hook, nullptr);
}
