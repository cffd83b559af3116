// SPDX-License-Identifier: Apache-2.0
// Plan -> seccomp/bpf/LABEL.bin2 and .bpf. The .bin2 has snap-confine's header of 128 bytes: "SC", version 1, flag
// unrestricted, lengths of the allow and the deny filter in bytes; both filters follow. (snapd:
// cmd/snap-seccomp-blacklist, seccomp-support.c) Each program is checked by the kernel's rules and proved equal to the
// plan before anything is handed out.
#include "backends/seccomp/Diagnostics.h"
#include "backends/seccomp/Generate.h"
#include "backends/seccomp/Libseccomp.h"
#include "backends/seccomp/Prove.h"
#include <cassert>
#include <map>
#include <set>

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

class Emitter {
public:
  Emitter(const Plan &plan, const Options &options, const Profile &profile, Engine &engine)
      : plan(plan), options(options), profile(profile), weights(weightsFor(options.tune, options.search)),
        engine(engine) {}

  std::vector<ir::Artifact> run() {
    for (const LabelPlan &label : plan.labels) {
      if (label.unrestricted) {
        if (options.two) add(label, ".bin2", header(true, 0, 0, plan.bigEndian));
        continue;
      }
      if (options.two) {
        const std::string allow = filter(label, Part::AllowFilter), deny = filter(label, Part::DenyFilter);
        add(label, ".bin2", header(false, allow.size(), deny.size(), plan.bigEndian) + allow + deny);
      }
      if (options.one && !options.libseccomp) add(label, ".bpf", filter(label, Part::Both));
    }
    return std::move(artifacts);
  }

private:
  void add(const LabelPlan &label, const char *suffix, std::string bytes) {
    artifacts.push_back({"seccomp/bpf/" + label.label + suffix, std::move(bytes)});
  }

  std::string filter(const LabelPlan &label, Part part) {
    // Labels of one meaning share their filter; the denials are often those of the template alone.
    std::string key = print(label, part) + static_cast<char>('0' + static_cast<int>(part));
    if (auto found = made.find(key); found != made.end()) return found->second;
    const Program program =
        options.libseccomp ? libseccompProgram(label, part) : generate(label, part, weights, profile, plan.bigEndian);
    if (program.empty()) return "";
    if (program.size() > bpf::maxInstructions) {
      const char *what = part == Part::Both ? "single" : part == Part::AllowFilter ? "allow" : "deny";
      engine.report<diag::FilterTooLarge>({}, label.label, what, program.size(), bpf::maxInstructions);
      return "";
    }
    assert(whyInvalid(program).empty());
    if (options.verify && !options.libseccomp) // our bug where it fails, but never a wrong filter on disk
      if (auto disproof = disprove(program, label, part, plan.bigEndian))
        engine.report<diag::FilterNotProved>({}, label.label, describe(*disproof));
    return made[key] = encode(program, plan.bigEndian);
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
  std::map<std::string, std::string> made;
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
