// The files that pages are made of.
#pragma once

namespace heddle::harness::html {

extern const char* const page;    // page.mustache
extern const char* const index;   // index.mustache
extern const char* const style;   // style.css
extern const char* const script;  // page.js

}  // namespace heddle::harness::html
