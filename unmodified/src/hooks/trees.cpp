// How std::map and std::set link and balance their nodes, which libstdc++ has in its compiled part: the same with each
// access noted. Source: red-black trees as in Cormen, Leiserson, Rivest, Stein, Introduction to Algorithms, chapter 13; where
// libstdc++ keeps what of a tree, its header stl_tree.h: the node in the container has the root as its parent, and the first
// and last nodes as its left and right ones.
#include <map>
#include <utility>

#include "hooks/on_behalf.hpp"
#include "real.hpp"

namespace heddle::unmodified {
namespace {

using TreeNode = std::_Rb_tree_node_base;

enum class Side : bool { left, right };
constexpr Side opposite(Side side) { return side == Side::left ? Side::right : Side::left; }

/// The walk from node to node, which knows no tree.
class Nodes : protected OnBehalf {
  public:
    using OnBehalf::OnBehalf;

    /// The next node in order on a side. Of the last one that is the container's own, of which the previous one is the last.
    TreeNode* neighbour(TreeNode* node, Side side) const {
        if (side == Side::left && is_red(node) && parent(parent(node)) == node) return child(node, Side::right);
        if (TreeNode* const below = child(node, side)) return farthest(below, opposite(side));
        TreeNode* above = parent(node);
        while (node == child(above, side)) {
            node = above;
            above = parent(above);
        }
        // From a root without a right child, the way up has come back to it.
        return side == Side::right && child(node, Side::right) == above ? node : above;
    }

  protected:
    static TreeNode*& link(TreeNode* node, Side side) { return side == Side::left ? node->_M_left : node->_M_right; }
    TreeNode* child(TreeNode* node, Side side) const { return read(link(node, side)); }
    TreeNode* parent(TreeNode* node) const { return read(node->_M_parent); }
    bool is_red(TreeNode* node) const { return read(node->_M_color) == std::_S_red; }
    /// The node of a subtree that is the first or last in order.
    TreeNode* farthest(TreeNode* node, Side side) const {
        while (TreeNode* const next = child(node, side)) node = next;
        return node;
    }
};

class Tree : Nodes {
  public:
    Tree(TreeNode& own, std::uintptr_t caller) : Nodes(caller), own_(&own) {}

    void insert(TreeNode* node, TreeNode* above, Side side) const {
        write(node->_M_parent, above);
        set_child(node, Side::left, nullptr);
        set_child(node, Side::right, nullptr);
        colour(node, std::_S_red);
        set_child(above, side, node);
        if (above == own_) {
            write(own_->_M_parent, node);
            set_child(own_, opposite(side), node);
        } else if (child(own_, side) == above) {
            set_child(own_, side, node);
        }
        balance_after_insertion(node);
    }

    /// Requires: the node is in the tree.
    void remove(TreeNode* node) const {
        TreeNode* const left = child(node, Side::left);
        TreeNode* const right = child(node, Side::right);
        if (left != nullptr && right != nullptr) return remove_between(node, left, right);
        TreeNode* const below = left == nullptr ? right : left;
        TreeNode* const above = parent(node);
        if (below != nullptr) write(below->_M_parent, above);
        replace_below(above, node, below);
        for (const Side side : {Side::left, Side::right}) {
            if (child(own_, side) != node) continue;
            set_child(own_, side, below == nullptr ? above : farthest(below, side));
        }
        if (!is_red(node)) balance_after_removal(below, above);
    }

  private:
    void set_child(TreeNode* node, Side side, TreeNode* to) const { write(link(node, side), to); }
    void colour(TreeNode* node, std::_Rb_tree_color colour) const { write(node->_M_color, colour); }
    TreeNode* root() const { return parent(own_); }
    Side side_of(TreeNode* node, TreeNode* above) const {
        return child(above, Side::left) == node ? Side::left : Side::right;
    }

    /// Of the node above, or of the tree if the node is its root.
    void replace_below(TreeNode* above, TreeNode* node, TreeNode* by) const {
        if (root() == node) write(own_->_M_parent, by);
        else set_child(above, side_of(node, above), by);
    }

    /// The child on the other side comes above the node.
    void rotate(TreeNode* node, Side side) const {
        TreeNode* const up = child(node, opposite(side));
        TreeNode* const moved = child(up, side);
        set_child(node, opposite(side), moved);
        if (moved != nullptr) write(moved->_M_parent, node);
        TreeNode* const above = parent(node);
        write(up->_M_parent, above);
        replace_below(above, node, up);
        set_child(up, side, node);
        write(node->_M_parent, up);
    }

    void balance_after_insertion(TreeNode* node) const {
        while (node != root() && is_red(parent(node))) {
            TreeNode* above = parent(node);
            TreeNode* const top = parent(above);
            const Side side = side_of(above, top);
            TreeNode* const uncle = child(top, opposite(side));
            if (uncle != nullptr && is_red(uncle)) {
                colour(above, std::_S_black);
                colour(uncle, std::_S_black);
                colour(top, std::_S_red);
                node = top;
                continue;
            }
            if (node == child(above, opposite(side))) {
                rotate(above, side);
                std::swap(node, above);
            }
            colour(above, std::_S_black);
            colour(top, std::_S_red);
            rotate(top, opposite(side));
        }
        colour(root(), std::_S_black);
    }

    /// The next node in order, which has no left child, takes the place and the colour.
    void remove_between(TreeNode* node, TreeNode* left, TreeNode* right) const {
        TreeNode* const next = farthest(right, Side::left);
        TreeNode* const below = child(next, Side::right);
        write(left->_M_parent, next);
        set_child(next, Side::left, left);
        TreeNode* above = next;  // of what is to be balanced
        if (next != right) {
            above = parent(next);
            if (below != nullptr) write(below->_M_parent, above);
            set_child(above, Side::left, below);
            set_child(next, Side::right, right);
            write(right->_M_parent, next);
        }
        TreeNode* const top = parent(node);
        replace_below(top, node, next);
        write(next->_M_parent, top);
        const std::_Rb_tree_color lost = read(next->_M_color);
        colour(next, read(node->_M_color));
        colour(node, lost);
        if (lost == std::_S_black) balance_after_removal(below, above);
    }

    bool is_black(TreeNode* node) const { return node == nullptr || !is_red(node); }

    /// Each path through `node`, which may be none, has a black node too few.
    void balance_after_removal(TreeNode* node, TreeNode* above) const {
        while (node != root() && is_black(node)) {
            const Side side = side_of(node, above);
            const Side other = opposite(side);
            TreeNode* sibling = child(above, other);
            if (is_red(sibling)) {
                colour(sibling, std::_S_black);
                colour(above, std::_S_red);
                rotate(above, side);
                sibling = child(above, other);
            }
            if (is_black(child(sibling, side)) && is_black(child(sibling, other))) {
                colour(sibling, std::_S_red);
                node = above;
                above = parent(above);
                continue;
            }
            if (is_black(child(sibling, other))) {
                colour(child(sibling, side), std::_S_black);
                colour(sibling, std::_S_red);
                rotate(sibling, other);
                sibling = child(above, other);
            }
            colour(sibling, read(above->_M_color));
            colour(above, std::_S_black);
            colour(child(sibling, other), std::_S_black);
            rotate(above, side);
            break;
        }
        if (node != nullptr) colour(node, std::_S_black);
    }

    TreeNode* own_;
};

}  // namespace
}  // namespace heddle::unmodified

using namespace heddle::unmodified;  // NOLINT: what follows are the names of the standard library

HEDDLE_HOOK void heddle_tree_insert(bool goes_left, TreeNode* node, TreeNode* above, TreeNode& own) __asm__(
    "_ZSt29_Rb_tree_insert_and_rebalancebPSt18_Rb_tree_node_baseS0_RS_");
HEDDLE_HOOK void heddle_tree_insert(bool goes_left, TreeNode* node, TreeNode* above, TreeNode& own) {
    Tree(own, HEDDLE_CALLER).insert(node, above, goes_left ? Side::left : Side::right);
}
HEDDLE_HOOK TreeNode* heddle_tree_remove(TreeNode* node, TreeNode& own) __asm__(
    "_ZSt28_Rb_tree_rebalance_for_erasePSt18_Rb_tree_node_baseRS_");
HEDDLE_HOOK TreeNode* heddle_tree_remove(TreeNode* node, TreeNode& own) {
    Tree(own, HEDDLE_CALLER).remove(node);
    return node;
}

#define HEDDLE_TREE_WALK(function, name, side)                    \
    HEDDLE_HOOK TreeNode* function(TreeNode* node) __asm__(name); \
    HEDDLE_HOOK TreeNode* function(TreeNode* node) { return Nodes(HEDDLE_CALLER).neighbour(node, side); }

HEDDLE_TREE_WALK(heddle_tree_next, "_ZSt18_Rb_tree_incrementPSt18_Rb_tree_node_base", Side::right)
HEDDLE_TREE_WALK(heddle_tree_next_const, "_ZSt18_Rb_tree_incrementPKSt18_Rb_tree_node_base", Side::right)
HEDDLE_TREE_WALK(heddle_tree_previous, "_ZSt18_Rb_tree_decrementPSt18_Rb_tree_node_base", Side::left)
HEDDLE_TREE_WALK(heddle_tree_previous_const, "_ZSt18_Rb_tree_decrementPKSt18_Rb_tree_node_base", Side::left)
