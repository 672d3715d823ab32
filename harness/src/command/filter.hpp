// Which checks on which engines a run is about: what --filter says.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <heddle/harness/check.hpp>

namespace heddle::harness {

/// A term is GLOB for a name, engine:GLOB, or label:GLOB for `model`, `broken` or an invariant that the check shows or
/// breaks; `!` or `-` before it negates it. Terms that a comma joins must all hold. Of several filters one must hold; those
/// that only negate leave out of what the others take.
class Filter {
  public:
    /// Errors: throws UsageError for what is no term.
    explicit Filter(const std::vector<std::string>& texts);

    bool selects(const Check& check, std::string_view engine) const;

  private:
    struct Term {
        bool is_negated = false;
        std::string field;
        std::string glob;
    };
    using Terms = std::vector<Term>;

    static Term term_of(std::string_view text);
    static bool holds(const Term& term, const Check& check, std::string_view engine);
    static bool hold(const Terms& terms, const Check& check, std::string_view engine);

    std::vector<Terms> takes_;
    std::vector<Terms> leaves_out_;
};

}  // namespace heddle::harness
