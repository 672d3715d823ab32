// A certificate for people and for programs. One reporter a file.
#pragma once

#include <string>

#include "certificate.hpp"

namespace heddle::harness {

/// How many weakenings came out in which way.
struct Counts {
    std::size_t needed = 0;
    std::size_t not_shown = 0;
    std::size_t pairs_needed = 0;
};
Counts counts_of(const Certificate& certificate);

/// "EventPublishes fails (data_race): step 4 reads what step 2 wrote, but the fetch_or is relaxed: it needs release". Requires:
/// the trial has a death.
std::string why_needed(const Trial& trial);
/// "3 checks come by it and hold": what is known of a weakening that no check has noticed.
std::string why_not_shown(const Trial& trial);
/// The command that shows the execution which dies of it, for a shell. Requires: the trial is of one weakening and has a death.
std::string command_for(const Trial& trial, const std::string& program);
/// The last line of a report: all numbers, and what they mean.
std::string summary(const Certificate& certificate);

/// For a terminal: a line or two a weakening, the survivors last.
std::string necessity_text(const Certificate& certificate, const std::string& program);
/// {"version": 1, "operations": [...], "pairs": [...], ..., "summary": {...}}
std::string necessity_json(const Certificate& certificate, const std::string& program);
/// A table for each file.
std::string necessity_markdown(const Certificate& certificate);
/// A page of HTML: the sources, with what is known of each operation under its line.
std::string necessity_page(const Certificate& certificate, const std::string& program);

}  // namespace heddle::harness
