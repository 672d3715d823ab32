// What the standard library does with its containers' memory in its compiled part, where there are no hooks.
#include <algorithm>
#include <cassert>
#include <iterator>
#include <list>
#include <map>
#include <mutex>
#include <random>
#include <set>
#include <vector>

#include <heddle/unmodified.hpp>

#include "together.hpp"

namespace {

int sum_of(const auto& numbers) {
    int sum = 0;
    for (const int number : numbers) sum += number;
    return sum;
}

// ---- std::map, std::set

HEDDLE_BROKEN_TEST(MapIsSearchedWhileItGrows, data_race) {
    std::map<int, int> map;
    together([&] { map[1] = 1; }, [&] { assert(!map.contains(2)); });
}
HEDDLE_BROKEN_TEST(MapGrowsInTwoThreads, data_race) {
    std::map<int, int> map;
    together([&] { map[1] = 1; }, [&] { map[2] = 2; });
}
HEDDLE_BROKEN_TEST(SetIsWalkedWhileItGrows, data_race) {
    std::set<int> set{1, 2};
    together([&] { set.insert(3); }, [&] { sum_of(set); });
}
HEDDLE_BROKEN_TEST(SetIsWalkedBackWhileItGrows, data_race) {
    std::set<int> set{1, 2};
    const auto last = std::prev(set.end());
    // Up from the last node, which gets a child on the other side.
    together([&] { set.insert(3); }, [&] { assert(*std::prev(last) == 1); });
}
// The reader stays away from what is erased, but walks over a node that is linked anew.
HEDDLE_BROKEN_TEST(SetIsWalkedWhileItShrinks, data_race) {
    std::set<int> set{1, 2, 3};
    const auto first = set.begin();
    together([&] { set.erase(3); }, [&] { assert(*std::next(first) == 2); });
}
HEDDLE_BROKEN_TEST(SetIsWalkedOverWhatIsErased, data_race) {
    std::set<int> set{1, 2};
    together([&] { set.erase(2); }, [&] { sum_of(set); });
}
HEDDLE_BROKEN_TEST(NodeIsTakenOutOfASetThatIsWalked, data_race) {
    std::set<int> set{1, 2};
    std::set<int>::node_type node;
    together([&] { node = set.extract(1); }, [&] { sum_of(set); });
}
HEDDLE_TEST(MapIsReadByTwo) {
    const std::map<int, int> map{{1, 1}, {2, 2}, {3, 3}};
    const auto reader = [&] {
        for (const auto& [key, value] : map) assert(key == value);
        assert(map.rbegin()->second == 3);
    };
    together(reader, reader);
}
HEDDLE_TEST(MapGrowsUnderAMutex) {
    std::mutex mutex;
    std::map<int, int> map;
    const auto add = [&](int key) {
        const std::lock_guard guard(mutex);
        map[key] = key;
    };
    together([&] { add(1); }, [&] { add(2); });
    assert(map.size() == 2 && map.begin()->first == 1);
}
// What is in a map stays where it is.
HEDDLE_TEST(ElementOfAMapIsUsedWhileItGrows) {
    std::map<int, int> map{{1, 0}, {2, 0}};
    int& element = map[1];
    together([&] { map.erase(2), map[3] = 3; }, [&] { element = 7; });
    assert(element == 7);
}
// A tree of 15 whose last node gets a child: only nodes on the way there are linked or coloured anew.
HEDDLE_TEST(FarBranchOfASetIsWalkedWhileItGrows) {
    std::set<int> set;
    for (const int number : {8, 4, 12, 2, 6, 10, 14, 1, 3, 5, 7, 9, 11, 13, 15}) set.insert(number);
    const auto first = set.begin();
    together([&] { set.insert(16); }, [&] { assert(*std::next(first, 2) == 3); });
}

using Node = std::_Rb_tree_node_base;
/// How many black nodes each path down from a node has. Requires: the nodes below are balanced, and linked in both directions.
int black_nodes(const Node* node) {
    if (node == nullptr) return 0;
    for (const Node* const child : {node->_M_left, node->_M_right}) {
        if (child == nullptr) continue;
        assert(child->_M_parent == node);
        assert(node->_M_color == std::_S_black || child->_M_color == std::_S_black);
    }
    const int black = black_nodes(node->_M_left);
    assert(black == black_nodes(node->_M_right));
    return black + (node->_M_color == std::_S_black ? 1 : 0);
}

HEDDLE_TEST(SetIsBalancedAndInOrder) {
    constexpr int most = 40;
    constexpr int changes = 4000;
    std::set<int> set;
    std::vector<bool> is_in(most);
    std::minstd_rand random;
    for (int change = 0; change != changes; ++change) {
        const int number = static_cast<int>(random() % most);
        if (is_in[number]) set.erase(number);
        else set.insert(number);
        is_in[number] = !is_in[number];
        std::vector<int> expected;
        for (int one = 0; one != most; ++one)
            if (is_in[one]) expected.push_back(one);
        assert(std::equal(set.begin(), set.end(), expected.begin(), expected.end()));
        assert(std::equal(set.rbegin(), set.rend(), expected.rbegin(), expected.rend()));
        const Node* const root = set.end()._M_node->_M_parent;
        assert(root == nullptr || root->_M_color == std::_S_black);
        black_nodes(root);
    }
}

// ---- std::list

HEDDLE_BROKEN_TEST(ListIsAskedWhileItGrows, data_race) {
    std::list<int> list;
    together([&] { list.push_back(1); }, [&] { list.empty(); });
}
HEDDLE_BROKEN_TEST(ListIsWalkedWhileItShrinks, data_race) {
    std::list<int> list{1};
    together([&] { list.pop_back(); }, [&] { sum_of(list); });
}
HEDDLE_BROKEN_TEST(ListIsAskedWhileItIsSpliced, data_race) {
    std::list<int> list;
    std::list<int> other{1, 2};
    together([&] { list.splice(list.end(), other); }, [&] { other.empty(); });
}
HEDDLE_BROKEN_TEST(ListIsWalkedWhileItIsReversed, data_race) {
    std::list<int> list{1, 2};
    together([&] { list.reverse(); }, [&] { sum_of(list); });
}
HEDDLE_BROKEN_TEST(ListIsAskedWhileItIsSwapped, data_race) {
    std::list<int> list;
    std::list<int> other{1};
    together([&] { list.swap(other); }, [&] { other.empty(); });
}
// Only the neighbours of a new node are linked anew.
HEDDLE_TEST(BeginningOfAListIsWalkedWhileItGrows) {
    std::list<int> list{1, 2, 3};
    const auto first = list.begin();
    together([&] { list.push_back(4); }, [&] { assert(*std::next(first) == 2); });
}
HEDDLE_TEST(ListGrowsUnderAMutex) {
    std::mutex mutex;
    std::list<int> list;
    const auto add = [&](int number) {
        const std::lock_guard guard(mutex);
        list.push_back(number);
    };
    together([&] { add(1); }, [&] { add(2); });
    assert(list.size() == 2 && sum_of(list) == 3);
}
HEDDLE_TEST(ListsAreLinkedBothWays) {
    const auto holds = [](const std::list<int>& list, const std::vector<int>& expected) {
        assert(std::equal(list.begin(), list.end(), expected.begin(), expected.end()));
        assert(std::equal(list.rbegin(), list.rend(), expected.rbegin(), expected.rend()));
    };
    std::list<int> list{1, 2, 3, 4};
    std::list<int> other;
    list.swap(other), holds(list, {}), holds(other, {1, 2, 3, 4});
    list.swap(other), holds(list, {1, 2, 3, 4}), holds(other, {});
    other.push_back(5), list.swap(other), holds(list, {5}), holds(other, {1, 2, 3, 4});
    other.reverse(), holds(other, {4, 3, 2, 1});
    list.splice(list.begin(), other, std::next(other.begin()), std::prev(other.end()));
    holds(list, {3, 2, 5}), holds(other, {4, 1});
    list.splice(list.begin(), list, std::prev(list.end())), holds(list, {5, 3, 2});
    list.sort(), holds(list, {2, 3, 5});
    other.remove(4), list.merge(other), holds(list, {1, 2, 3, 5}), holds(other, {});
}

}  // namespace
