// Of heddle's plugin of GCC: functions that tell ThreadSanitizer to look away have hooks as all others. Libraries have such where
// the sanitizer would not understand them, or would find them slow: what they do is what it would be in any other function.
#pragma once

union tree_node;

/// Drops no_sanitize("thread") and no_sanitize_thread of a function. Requires: GCC's pass for the sanitizer has not come to it.
/// Returns: nothing. Errors: none. Visibility: none.
void hook_function(tree_node* function);

/// Has GCC do that with each function before it makes statements of its body, in which it notes already where a function with
/// hooks is left. What gets its attributes later (parts of a coroutine, a function that is declared once more) it does not.
/// Requires: called once, from plugin_init. `plugin`: its name. Returns: nothing. Errors: none. Visibility: none.
void hook_functions_early(const char* plugin);
