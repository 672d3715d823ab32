// Platforms with one fault each, for broken twins: instantiate a model with one and it must fail.
#pragma once

#include <heddle/checker/checking_platform.hpp>

namespace heddle::checker {

/// What a fault may spoil. A fault derives from this and hides the members that it changes.
struct NoFault {
    static constexpr std::memory_order order(std::memory_order order) { return order; }
    static constexpr bool torn_read_modify_write = false;
    static constexpr bool drops_wake_one = false;
    static constexpr bool wakes_one_for_all = false;
    static constexpr bool drops_wake_all = false;
};

/// CheckingPlatform with a fault in it.
template <class Fault>
struct FaultyPlatform : CheckingPlatform {
    template <detail::Checkable T>
    class atomic : public CheckingPlatform::atomic<T> {
        using Base = CheckingPlatform::atomic<T>;

      public:
        using Base::Base;

        T load(std::memory_order order, Site site = Site::current()) const {
            return Base::load(Fault::order(order), site);
        }
        void store(T desired, std::memory_order order, Site site = Site::current()) {
            Base::store(desired, Fault::order(order), site);
        }
        T exchange(T desired, std::memory_order order, Site site = Site::current()) {
            if constexpr (!Fault::torn_read_modify_write) return Base::exchange(desired, Fault::order(order), site);
            else return torn([&](T) { return desired; }, site);
        }
        bool compare_exchange_strong(T& expected, T desired, std::memory_order success, std::memory_order failure,
                                     Site site = Site::current()) {
            if constexpr (!Fault::torn_read_modify_write) {
                return Base::compare_exchange_strong(expected, desired, Fault::order(success), Fault::order(failure),
                                                     site);
            } else {
                const T wanted = expected;
                expected = torn([&](T before) { return before == wanted ? desired : before; }, site);
                return expected == wanted;
            }
        }
        bool compare_exchange_weak(T& expected, T desired, std::memory_order success, std::memory_order failure,
                                   Site site = Site::current()) {
            if constexpr (Fault::torn_read_modify_write)
                return compare_exchange_strong(expected, desired, success, failure, site);
            else
                return Base::compare_exchange_weak(expected, desired, Fault::order(success), Fault::order(failure),
                                                   site);
        }
        T fetch_add(T arg, std::memory_order order, Site site = Site::current()) requires std::is_integral_v<T> {
            if constexpr (!Fault::torn_read_modify_write) return Base::fetch_add(arg, Fault::order(order), site);
            else return torn([&](T before) { return static_cast<T>(before + arg); }, site);
        }
        T fetch_sub(T arg, std::memory_order order, Site site = Site::current()) requires std::is_integral_v<T> {
            if constexpr (!Fault::torn_read_modify_write) return Base::fetch_sub(arg, Fault::order(order), site);
            else return torn([&](T before) { return static_cast<T>(before - arg); }, site);
        }
        T fetch_and(T arg, std::memory_order order, Site site = Site::current()) requires std::is_integral_v<T> {
            if constexpr (!Fault::torn_read_modify_write) return Base::fetch_and(arg, Fault::order(order), site);
            else return torn([&](T before) { return static_cast<T>(before & arg); }, site);
        }
        T fetch_or(T arg, std::memory_order order, Site site = Site::current()) requires std::is_integral_v<T> {
            if constexpr (!Fault::torn_read_modify_write) return Base::fetch_or(arg, Fault::order(order), site);
            else return torn([&](T before) { return static_cast<T>(before | arg); }, site);
        }
        T fetch_xor(T arg, std::memory_order order, Site site = Site::current()) requires std::is_integral_v<T> {
            if constexpr (!Fault::torn_read_modify_write) return Base::fetch_xor(arg, Fault::order(order), site);
            else return torn([&](T before) { return static_cast<T>(before ^ arg); }, site);
        }

      private:
        // A load and a store where one step was promised; the orders are as strong as they get.
        template <class Change>
        T torn(Change change, Site site) {
            const T before = Base::load(std::memory_order_seq_cst, site);
            Base::store(change(before), std::memory_order_seq_cst, site);
            return before;
        }
    };

    static void wake_one(CheckingPlatform::atomic<FutexWord>& word, Site site = Site::current()) {
        if constexpr (!Fault::drops_wake_one) CheckingPlatform::wake_one(word, site);
    }
    static void wake_all(CheckingPlatform::atomic<FutexWord>& word, Site site = Site::current()) {
        if constexpr (Fault::wakes_one_for_all) CheckingPlatform::wake_one(word, site);
        else if constexpr (!Fault::drops_wake_all) CheckingPlatform::wake_all(word, site);
    }
};

namespace detail {
struct ReleaseFault : NoFault {
    static constexpr std::memory_order order(std::memory_order order) {
        if (order == std::memory_order_release) return std::memory_order_relaxed;
        return order == std::memory_order_acq_rel ? std::memory_order_acquire : order;
    }
};
struct AcquireFault : NoFault {
    static constexpr std::memory_order order(std::memory_order order) {
        if (order == std::memory_order_acquire) return std::memory_order_relaxed;
        return order == std::memory_order_acq_rel ? std::memory_order_release : order;
    }
};
struct TornFault : NoFault {
    static constexpr bool torn_read_modify_write = true;
};
struct WakeOneFault : NoFault {
    static constexpr bool drops_wake_one = true;
};
struct WakeAllFault : NoFault {
    static constexpr bool wakes_one_for_all = true;
};
struct NoWakeAllFault : NoFault {
    static constexpr bool drops_wake_all = true;
};
}  // namespace detail

/// Every release is relaxed.
using ReleasesRelaxed = FaultyPlatform<detail::ReleaseFault>;
/// Every acquire is relaxed.
using AcquiresRelaxed = FaultyPlatform<detail::AcquireFault>;
/// Every read-modify-write is a load and a store.
using TornReadModifyWrites = FaultyPlatform<detail::TornFault>;
/// wake_one does nothing.
using WakeOneDropped = FaultyPlatform<detail::WakeOneFault>;
/// wake_all wakes one thread only.
using WakeAllWakesOne = FaultyPlatform<detail::WakeAllFault>;
/// wake_all does nothing.
using WakeAllDropped = FaultyPlatform<detail::NoWakeAllFault>;

static_assert(Platform<ReleasesRelaxed> && Platform<TornReadModifyWrites> && Platform<WakeAllWakesOne>);

}  // namespace heddle::checker
