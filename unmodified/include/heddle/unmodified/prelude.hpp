// Included before all else in code that is explored: a processor's hint that a loop waits becomes a call that is seen.
#pragma once

#ifdef __cplusplus
extern "C"
#endif
    void
    heddle_pause(void);
#define __builtin_ia32_pause heddle_pause
