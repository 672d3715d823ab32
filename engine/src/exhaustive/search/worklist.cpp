#include "worklist.hpp"

#include <utility>

namespace heddle::engine::exhaustive {

Worklist::Frame& Worklist::push_frame() {
    if (depth_ == frames_->size()) frames_->push_back(std::make_unique<Frame>());
    top_ = (*frames_)[depth_++].get();
    top_->work.clear();
    return *top_;
}

/// Each piece of work, from the first on, is taken to be as large as all that came after it: it branches off nearer to the
/// root.
void Worklist::share_out() {
    auto& work = top_->work;
    for (auto item = work.end() - static_cast<std::ptrdiff_t>(pushed_); item != work.end(); ++item)
        item->share = share_ /= 2;
    pushed_ = 0;
    explored_ += std::exchange(share_, 0);
}

void Worklist::take_back(EventId first) {
    const auto concerns = [first](EventId id) { return id.thread == first.thread && id.index >= first.index; };
    auto& work = top_->work;
    for (; pushed_ != 0 && (concerns(work.back().event) || concerns(work.back().other)); --pushed_) work.pop_back();
}

std::optional<Work> Worklist::pop() {
    while (top_->work.empty()) {
        if (--depth_ == 0) return std::nullopt;
        top_ = (*frames_)[depth_ - 1].get();
    }
    const Work item = top_->work.back();
    top_->work.pop_back();
    share_ = item.share;
    return item;
}

void Worklist::keep(std::uint32_t end, EventId last) {
    Graph& whole = graph();
    const Graph::Part part = whole.part_of(end, last);
    (top_->work.empty() ? whole : push_frame().graph).assign(whole, part);
}

}  // namespace heddle::engine::exhaustive
