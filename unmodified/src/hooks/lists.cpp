// How std::list links its nodes, which libstdc++ has in its compiled part: the same with each access noted.
#include <list>

#include "hooks/on_behalf.hpp"
#include "real.hpp"

namespace heddle::unmodified {
namespace {

using ListNode = std::__detail::_List_node_base;

/// A ring of nodes, one of which is the list's own.
class Ring : OnBehalf {
  public:
    using OnBehalf::OnBehalf;

    void insert(ListNode* node, ListNode* before) const {
        write(node->_M_next, before);
        write(node->_M_prev, read(before->_M_prev));
        write(read(before->_M_prev)->_M_next, node);
        write(before->_M_prev, node);
    }
    void remove(ListNode* node) const {
        ListNode* const next = read(node->_M_next);
        ListNode* const previous = read(node->_M_prev);
        write(previous->_M_next, next);
        write(next->_M_prev, previous);
    }
    /// Moves [first, end).
    void move(ListNode* first, ListNode* end, ListNode* before) const {
        if (before == end) return;
        ListNode* const last = read(end->_M_prev);
        ListNode* const left_behind = read(first->_M_prev);
        ListNode* const previous = read(before->_M_prev);
        write(last->_M_next, before);
        write(left_behind->_M_next, end);
        write(previous->_M_next, first);
        write(before->_M_prev, last);
        write(end->_M_prev, left_behind);
        write(first->_M_prev, previous);
    }
    void reverse(ListNode* own) const {
        ListNode* node = own;
        do {
            ListNode* const next = read(node->_M_next);
            write(node->_M_next, read(node->_M_prev));
            write(node->_M_prev, next);
            node = next;
        } while (node != own);
    }
    void swap(ListNode* one, ListNode* other) const {
        const ListNode ring = of(one);
        take(one, other, of(other));
        take(other, one, ring);
    }

  private:
    ListNode of(const ListNode* own) const {
        ListNode links{};
        links._M_next = read(own->_M_next);
        if (links._M_next != own) links._M_prev = read(own->_M_prev);
        return links;
    }
    /// `own` gets the ring that was `other`'s. Nothing is written if both are empty.
    void take(ListNode* own, const ListNode* other, const ListNode& ring) const {
        if (ring._M_next == other) {
            if (read(own->_M_next) == own) return;
            write(own->_M_next, own);
            write(own->_M_prev, own);
            return;
        }
        write(own->_M_next, ring._M_next);
        write(own->_M_prev, ring._M_prev);
        write(ring._M_next->_M_prev, own);
        write(ring._M_prev->_M_next, own);
    }
};

}  // namespace
}  // namespace heddle::unmodified

using namespace heddle::unmodified;  // NOLINT: what follows are the names of the standard library

HEDDLE_HOOK void heddle_list_hook(ListNode* node,
                                  ListNode* before) __asm__("_ZNSt8__detail15_List_node_base7_M_hookEPS0_");
HEDDLE_HOOK void heddle_list_hook(ListNode* node, ListNode* before) { Ring(HEDDLE_CALLER).insert(node, before); }

HEDDLE_HOOK void heddle_list_unhook(ListNode* node) __asm__("_ZNSt8__detail15_List_node_base9_M_unhookEv");
HEDDLE_HOOK void heddle_list_unhook(ListNode* node) { Ring(HEDDLE_CALLER).remove(node); }

HEDDLE_HOOK void heddle_list_transfer(ListNode* before, ListNode* first,
                                      ListNode* end) __asm__("_ZNSt8__detail15_List_node_base11_M_transferEPS0_S1_");
HEDDLE_HOOK void heddle_list_transfer(ListNode* before, ListNode* first, ListNode* end) {
    Ring(HEDDLE_CALLER).move(first, end, before);
}

HEDDLE_HOOK void heddle_list_reverse(ListNode* own) __asm__("_ZNSt8__detail15_List_node_base10_M_reverseEv");
HEDDLE_HOOK void heddle_list_reverse(ListNode* own) { Ring(HEDDLE_CALLER).reverse(own); }

HEDDLE_HOOK void heddle_list_swap(ListNode* one,
                                  ListNode* other) __asm__("_ZNSt8__detail15_List_node_base4swapERS0_S1_");
HEDDLE_HOOK void heddle_list_swap(ListNode* one, ListNode* other) { Ring(HEDDLE_CALLER).swap(one, other); }
