#include <heddle/queue.hpp>
#include <heddle/thread.hpp>

#include <cstdio>

int main() {
    heddle::Queue<int> queue(1);
    heddle::Thread producer([&queue] { queue.put(42); });
    producer.start();
    std::printf("got %d\n", queue.get());
    producer.join();
}
