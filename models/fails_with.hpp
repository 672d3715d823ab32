// Calls that must fail.
#pragma once

#include <heddle/checker/model.hpp>

namespace heddle::models {

/// `claim`: that the call throws an Error, in words. `site`: where the model says so.
template <class Error, class Call>
void fails_with(const Call& call, const char* claim, engine::Site site = engine::Site::current()) {
    try {
        call();
    } catch (const Error&) {
        return;
    }
    check(false, claim, site);
}

}  // namespace heddle::models
