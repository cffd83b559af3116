// SPDX-License-Identifier: Apache-2.0
// Plan -> seccomp/bpf/LABEL.bin2 and .bpf. The .bin2 has snap-confine's header of 128 bytes: "SC", version 1, flag
// unrestricted, lengths of the allow and the deny filter in bytes; both filters follow. (snapd:
// cmd/snap-seccomp-blacklist, seccomp-support.c) Each program is checked by the kernel's rules and proved equal to the
// plan before anything is handed out.
#include "backends/seccomp/Diagnostics.h"
#include "backends/seccomp/Generate.h"
#include "backends/seccomp/Libseccomp.h"
#include "backends/seccomp/Prove.h"
#include <atomic>
#include <cassert>
#include <map>
#include <set>
#include <thread>

namespace snapsecc::seccomp {

namespace {
void putWord(std::string &out, uint32_t value, bool bigEndian) {
  for (unsigned i = 0; i < 4; ++i)
    out += static_cast<char>(value >> 8 * (bigEndian ? 3 - i : i) & 0xff);
}

std::string header(bool unrestricted, size_t allow, size_t deny, bool bigEndian) {
  std::string out = "SC";
  out += '\1';
  out += unrestricted ? '\1' : '\0';
  out.append(4, '\0');
  putWord(out, static_cast<uint32_t>(allow), bigEndian);
  putWord(out, static_cast<uint32_t>(deny), bigEndian);
  out.append(112, '\0');
  return out;
}

// A filter to be made, for all labels that mean the same: the denials are often those of the template alone.
struct Filter {
  const LabelPlan *label;
  Part part;
  Program program;
  std::string broken; // why the program may not be used
};

class Emitter {
public:
  Emitter(const Plan &plan, const Options &options, const Profile &profile, Engine &engine)
      : plan(plan), options(options), profile(profile), weights(weightsFor(options.tune, options.search)),
        engine(engine) {}

  std::vector<ir::Artifact> run() {
    for (const LabelPlan &label : plan.labels) {
      if (label.unrestricted) continue;
      if (options.two) need(label, Part::AllowFilter), need(label, Part::DenyFilter);
      if (writesOne()) need(label, Part::Both);
    }
    makeAll();
    std::vector<std::string> bytes;
    for (const Filter &filter : filters)
      bytes.push_back(accept(filter) ? encode(filter.program, plan.bigEndian) : "");
    for (const LabelPlan &label : plan.labels)
      write(label, bytes);
    return std::move(artifacts);
  }

private:
  bool writesOne() const { return options.one && !options.libseccomp; }

  void need(const LabelPlan &label, Part part) {
    const auto [found, isNew] =
        known.try_emplace(print(label, part) + static_cast<char>('0' + static_cast<int>(part)), filters.size());
    places[{&label, part}] = found->second;
    if (isNew) filters.push_back({&label, part, {}, ""});
  }

  // Each thread takes the next filter that nobody has, and keeps its own sets for the proofs.
  void makeAll() {
    if (options.libseccomp) {
      for (Filter &filter : filters)
        filter.program = libseccompProgram(*filter.label, filter.part);
      return;
    }
    std::atomic<size_t> next = 0;
    auto work = [&] {
      WordSets sets;
      for (size_t i; (i = next++) < filters.size();)
        make(filters[i], sets);
    };
    const size_t count = std::min<size_t>(options.threads, filters.size());
    std::vector<std::thread> others;
    for (size_t i = 1; i < count; ++i)
      others.emplace_back(work);
    work();
    for (std::thread &other : others)
      other.join();
  }

  void make(Filter &filter, WordSets &sets) const {
    filter.program = generate(*filter.label, filter.part, weights, profile, plan.bigEndian);
    if (!options.verify || filter.program.size() > bpf::maxInstructions) return;
    // Our bug where it fails, but never a wrong filter on disk.
    if (auto disproof = disprove(filter.program, *filter.label, filter.part, plan.bigEndian, sets))
      filter.broken = describe(*disproof);
  }

  bool accept(const Filter &filter) {
    if (filter.program.size() > bpf::maxInstructions) {
      const char *what = filter.part == Part::Both ? "single" : filter.part == Part::AllowFilter ? "allow" : "deny";
      engine.report<diag::FilterTooLarge>({}, filter.label->label, what, filter.program.size(), bpf::maxInstructions);
      return false;
    }
    if (filter.program.empty()) return false; // libseccomp failed, and said so
    assert(whyInvalid(filter.program).empty());
    if (!filter.broken.empty()) engine.report<diag::FilterNotProved>({}, filter.label->label, filter.broken);
    return filter.broken.empty();
  }

  void write(const LabelPlan &label, llvm::ArrayRef<std::string> bytes) {
    auto add = [&](const char *suffix, std::string text) {
      artifacts.push_back({"seccomp/bpf/" + label.label + suffix, std::move(text)});
    };
    auto of = [&](Part part) -> const std::string & { return bytes[places.at({&label, part})]; };
    if (options.two && label.unrestricted) add(".bin2", header(true, 0, 0, plan.bigEndian));
    if (label.unrestricted) return;
    if (options.two) {
      const std::string &allow = of(Part::AllowFilter), &deny = of(Part::DenyFilter);
      add(".bin2", header(false, allow.size(), deny.size(), plan.bigEndian) + allow + deny);
    }
    if (writesOne()) add(".bpf", of(Part::Both));
  }

  Program libseccompProgram(const LabelPlan &label, Part part) {
    auto result = throughLibseccomp(label, part, true, plan.bigEndian);
    if (!result) {
      engine.report<diag::LibseccompFailed>({}, label.label, llvm::toString(result.takeError()));
      return {};
    }
    for (const std::string &name : result->lacking)
      if (lacking.insert(name).second) engine.report<diag::LibseccompLacks>({}, name);
    return std::move(result->program);
  }

  const Plan &plan;
  const Options &options;
  const Profile &profile;
  Weights weights;
  Engine &engine;
  std::vector<Filter> filters;
  std::map<std::string, size_t> known;                         // by meaning and part
  std::map<std::pair<const LabelPlan *, Part>, size_t> places; // the same by label; only looked up
  std::set<std::string> lacking;
  std::vector<ir::Artifact> artifacts;
};
} // namespace

std::vector<ir::Artifact> emit(const Plan &plan, const Options &options, Engine &engine) {
  std::optional<Profile> own;
  if (!options.profile.empty()) {
    own = parseProfile(options.profile, engine);
    if (!own) return {};
  }
  std::vector<ir::Artifact> artifacts = Emitter(plan, options, own ? *own : builtinProfile(), engine).run();
  return engine.hasErrors() ? std::vector<ir::Artifact>() : artifacts;
}

} // namespace snapsecc::seccomp
