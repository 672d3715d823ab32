#include <heddle/low_level.hpp>
#include <heddle/queue.hpp>

int main() {
    heddle::Queue<int> queue(1);
    heddle::start_new_thread([&queue] { queue.put(42); });
    return queue.get() == 42 ? 0 : 1;
}
