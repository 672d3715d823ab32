// Which memory is an atomic, a mutex or a condition now. An address has one object after the other: where its memory is
// given to another purpose, one generation ends and all that was done with it must happen before that.
#pragma once

#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include <heddle/engine/adopted.hpp>
#include <heddle/engine/failure.hpp>

#include "address_table.hpp"

namespace heddle::unmodified {

class FrontEnd;

class Objects {
  public:
    explicit Objects(FrontEnd& front_end) : front_end_(front_end) {}

    /// No object is there yet. What numbers they have is kept: it must be the same in every execution.
    void begin_run() {
        ++run_;
        ended_.clear();
        parts_.clear();
    }

    /// The object at an address. `initial`: its value, if it is not known yet. `caller`: where the code is that uses it.
    /// Errors: fails the execution if memory is in use for another purpose.
    engine::Object* at(std::uintptr_t address, engine::ObjectKind kind, std::uint8_t size, std::uint64_t initial,
                       std::uintptr_t caller);

    /// What the kernel compares of the atomic at an address, so many bytes after its begin: who waits for that is known by it
    /// alone. The atomic may have ended in this run.
    engine::Object* part_of(const engine::Object& atomic, std::uintptr_t address, std::uint8_t begin, std::uint8_t size,
                            std::uintptr_t caller);

    /// The object that the byte at an address is part of; null if there is none. `begin`: where it is.
    engine::Object* around(std::uintptr_t address, std::uintptr_t& begin) const;
    bool is_at(std::uintptr_t address) const { return find(address) != nullptr; }
    bool is_atomic_at(std::uintptr_t address, std::uint8_t size) const {
        const Known* const found = find(address);
        return found != nullptr && found->kind == engine::ObjectKind::atomic && found->size == size;
    }
    bool is_at(std::uintptr_t address, const engine::Object* object) const {
        const Known* const found = find(address);
        return found != nullptr && found->object == object;
    }

    /// The memory at an address gets another purpose. `kind`: what it is if another thread may still use the object.
    /// Errors: fails the execution then, and if memory is given back where a mutex is that its holder will not let go.
    void end(std::uintptr_t address, engine::FailureKind kind, std::uintptr_t caller);

    /// What it is that an object which has ended in this run is used. Requires: it has.
    engine::FailureKind use_of_ended(const engine::Object& object) const { return ended(object).kind; }

  private:
    struct Ended {
        const engine::Object* object;
        engine::FailureKind kind;
        std::uint32_t id;
    };
    struct Part {
        const engine::Object* atomic;
        std::uint8_t begin;
        engine::Object* object;
    };
    struct Known {
        engine::Object* object = nullptr;
        std::uint64_t run = 0;
        std::size_t generation = 0;
        std::uint8_t size = 0;
        engine::ObjectKind kind = engine::ObjectKind::atomic;
        std::vector<std::uint32_t> ids;  ///< of each generation
    };

    std::uint32_t new_id() { return (next_id_ += 2) - 2; }
    Known* find(std::uintptr_t address) const;
    const Ended& ended(const engine::Object& object) const;
    std::uint32_t id_of(const engine::Object& object, std::uintptr_t address) const;
    void check_is_free(const Known& mutex, std::uintptr_t caller) const;

    FrontEnd& front_end_;
    AddressTable<Known> known_;
    std::vector<Ended> ended_;                                                      ///< in this run
    std::vector<Part> parts_;                                                       ///< the same
    std::map<std::pair<std::uint32_t, std::uint8_t>, std::uint32_t> ids_of_parts_;  ///< by the atomic's, and the begin
    std::uint64_t run_ = 0;
    std::uint32_t next_id_ = 0;
};

}  // namespace heddle::unmodified
