// A plugin of GCC: its ThreadSanitizer instruments assignments, and no calls. An object that is passed by value, or that takes a
// call's result, and that has no constructor to do it, is read and written by the call itself. Here the call gets a copy of its
// own for each, which is assigned before or after.
//
// Of types with constructors only references are passed, and their results are made in place.
//
// No function is left out (every_function.hpp).
// clang-format off: each of these needs the ones before it
#include <gcc-plugin.h>
#include <plugin-version.h>
#include <context.h>
#include <tree.h>
#include <gimple.h>
#include <gimple-iterator.h>
#include <gimple-expr.h>
#include <gimplify.h>
#include <cfghooks.h>
#include <cfg.h>
#include <tree-cfg.h>
#include <tree-pass.h>
#include <tree-ssa-operands.h>
#include <ssa.h>
// clang-format on

#include "every_function.hpp"

int plugin_is_GPL_compatible;  // GCC loads no other: the license of heddle is

namespace {

constexpr pass_data description = {
    .type = GIMPLE_PASS,
    .name = "heddle_by_value",
    .optinfo_flags = OPTGROUP_NONE,
    .tv_id = TV_NONE,
    .properties_required = PROP_cfg,
    .properties_provided = 0,
    .properties_destroyed = 0,
    .todo_flags_start = 0,
    .todo_flags_finish = TODO_update_ssa,
};

/// Whether the operand of a call is memory that the call itself reads or writes.
bool is_accessed_by_call(tree operand) {
    const tree type = TREE_TYPE(operand);
    if (is_gimple_reg_type(type) || TREE_ADDRESSABLE(type) || !COMPLETE_TYPE_P(type)) return false;
    const tree size = TYPE_SIZE_UNIT(type);
    return TREE_CODE(size) == INTEGER_CST && !integer_zerop(size);
}

tree copy_for(tree operand) { return create_tmp_var(TREE_TYPE(operand), "by_value"); }

gassign* assign_for(const gcall* call, tree to, tree from) {
    gassign* const assign = gimple_build_assign(to, from);
    gimple_set_location(assign, gimple_location(call));
    return assign;
}

void copy_arguments(gcall* call) {
    for (unsigned index = 0; index != gimple_call_num_args(call); ++index) {
        const tree argument = gimple_call_arg(call, index);
        if (!is_accessed_by_call(argument)) continue;
        const tree copy = copy_for(argument);
        gimple_stmt_iterator here = gsi_for_stmt(call);
        gsi_insert_before(&here, assign_for(call, copy, unshare_expr(argument)), GSI_SAME_STMT);
        gimple_call_set_arg(call, index, copy);
    }
}

/// A call that may throw ends its block: what follows stands on the edge where it has not. Returns: whether something does.
bool copy_result(gcall* call) {
    const tree result = gimple_call_lhs(call);
    if (result == NULL_TREE || !is_accessed_by_call(result)) return false;
    const bool may_throw = stmt_ends_bb_p(call);
    const edge returns = may_throw ? find_fallthru_edge(gimple_bb(call)->succs) : nullptr;
    if (may_throw && returns == nullptr) return false;
    const tree copy = copy_for(result);
    gassign* const assign = assign_for(call, result, copy);
    gimple_call_set_lhs(call, copy);
    gimple_stmt_iterator here = gsi_for_stmt(call);
    if (may_throw) gsi_insert_on_edge(returns, assign);
    else gsi_insert_after(&here, assign, GSI_SAME_STMT);
    return may_throw;
}

class ByValue final : public gimple_opt_pass {
  public:
    ByValue(gcc::context* context, bool optimizing) : gimple_opt_pass(description, context), optimizing_(optimizing) {}

    opt_pass* clone() override { return new ByValue(m_ctxt, optimizing_); }
    bool gate(function*) override { return (optimize != 0) == optimizing_ && (flag_sanitize & SANITIZE_THREAD) != 0; }
    unsigned execute(function* body) override {
        hook_function(body->decl);
        bool is_on_edges = false;
        basic_block block = nullptr;
        FOR_EACH_BB_FN(block, body)
        for (gimple_stmt_iterator at = gsi_start_bb(block); !gsi_end_p(at); gsi_next(&at)) {
            auto* const call = dyn_cast<gcall*>(gsi_stmt(at));
            if (call == nullptr || gimple_call_internal_p(call)) continue;
            copy_arguments(call);
            is_on_edges = copy_result(call) || is_on_edges;
            update_stmt(call);
        }
        if (is_on_edges) gsi_commit_edge_inserts();
        return 0;
    }

  private:
    const bool optimizing_;  // GCC has a pass for each
};

}  // namespace

int plugin_init(plugin_name_args* info, plugin_gcc_version* version) {
    if (!plugin_default_version_check(version, &gcc_version)) return 1;
    hook_functions_early(info->base_name);
    register_pass_info unoptimized{new ByValue(g, false), "tsan0", 0, PASS_POS_INSERT_BEFORE};
    register_pass_info optimized{new ByValue(g, true), "tsan", 0, PASS_POS_INSERT_BEFORE};
    register_callback(info->base_name, PLUGIN_PASS_MANAGER_SETUP, nullptr, &unoptimized);
    register_callback(info->base_name, PLUGIN_PASS_MANAGER_SETUP, nullptr, &optimized);
    return 0;
}
