// Replay tokens that went wrong on their way: bits that flipped, parts that are missing, doubled, or another token's.
#pragma once

#include <algorithm>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace heddle::tests {

/// Makes tokens out of `originals`, each with one to four things changed; the same ones for the same seed.
class MutatedTokens {
  public:
    MutatedTokens(std::vector<std::string> originals, unsigned seed)
        : originals_(std::move(originals)), generator_(seed) {}

    std::string next() {
        std::string token = original();
        for (std::size_t left = below(4) + 1; left != 0; --left) mutate(token);
        return token;
    }

  private:
    std::size_t below(std::size_t limit) {
        return std::uniform_int_distribution<std::size_t>(0, limit - 1)(generator_);
    }
    const std::string& original() { return originals_[below(originals_.size())]; }

    void mutate(std::string& token) {
        static constexpr std::string_view numbers[]{
            "0", "1", "z", "(36)", "(4294967295)", "(4294967296)", "()", "(", ")", "-1", "~", ":", "bound9", ""};
        const std::size_t at = below(token.size() + 1);
        const std::size_t length = below(token.size() - at + 1);
        switch (below(7)) {
            case 0:
                if (at < token.size()) token[at] = static_cast<char>(token[at] ^ (1 << below(8)));
                return;
            case 1:
                token.resize(at);
                return;
            case 2:
                token.erase(at, length);
                return;
            case 3:
                token.insert(at, token.substr(at, length));
                return;
            case 4: {
                const std::string& other = original();
                token.replace(at, std::string::npos, other, std::min(at, other.size()));
                return;
            }
            case 5:
                token.insert(at, numbers[below(std::size(numbers))]);
                return;
            default:  // the choices are the likeliest part of a long token
                if (at < token.size() && token[at] >= '0' && token[at] <= '9')
                    token[at] = static_cast<char>('0' + below(10));
        }
    }

    std::vector<std::string> originals_;
    std::mt19937 generator_;
};

}  // namespace heddle::tests
