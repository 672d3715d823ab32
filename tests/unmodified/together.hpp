// Threads that begin together and are all joined.
#pragma once

#include <thread>

template <class... Bodies>
void together(Bodies... bodies) {
    std::thread threads[] = {std::thread(bodies)...};
    for (std::thread& thread : threads) thread.join();
}
