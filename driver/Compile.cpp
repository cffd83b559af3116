// SPDX-License-Identifier: Apache-2.0
// compile: snap.yaml and the policy library to a policy for each of the snap's programs.
#include "diag/Diagnostics.h"
#include "driver/Backends.h"
#include "driver/CommonOptions.h"
#include "driver/Depfile.h"
#include "driver/Driver.h"
#include "driver/LibraryCache.h"
#include "driver/Manifest.h"
#include "driver/PolicyInput.h"
#include "driver/RuntimeFile.h"
#include "driver/SelfChecks.h"
#include "driver/Summary.h"
#include "driver/TargetOptions.h"
#include "driver/Writer.h"
#include "frontend/BuildAst.h"
#include "frontend/PrintLibrary.h"
#include "frontend/SnapDiagnostics.h"
#include "ir/Passes.h"
#include "ir/Text.h"
#include "llvm/ADT/StringSwitch.h"
#include "llvm/Support/Path.h"
#include <chrono>
#include <thread>

namespace snapsecc::driver {
namespace {

struct CompileOptions {
  InstantiateOptions instantiate;
  ir::PassOptions passes;
  seccomp::Options seccomp;
  std::set<std::string> seccompSteps;  // of code generation, to be printed with the plan
  std::string stage, output, revision; // output empty: the default
  bool annotate = false;
};

bool isRevision(llvm::StringRef text) {
  text.consume_front("x"); // of a snap that was not downloaded
  return !text.empty() && text.size() < 10 && text[0] != '0' && llvm::all_of(text, llvm::isDigit);
}

// Of --seccomp-*. An error text, or empty.
std::string readSeccompOptions(const Arguments &arguments, CompileOptions &options) {
  options.seccomp.libseccomp = arguments.get("--seccomp-codegen") == "libseccomp";
  options.seccomp.search = arguments.has("-O3");
  options.seccomp.tune = llvm::StringSwitch<seccomp::Tune>(arguments.get("--seccomp-tune"))
                             .Case("uniform", seccomp::Tune::Uniform)
                             .Case("traces", seccomp::Tune::Traces)
                             .Case("cached", seccomp::Tune::Cached)
                             .Case("size", seccomp::Tune::Size)
                             .Default(seccomp::Tune::Balanced);
  if (arguments.has("--seccomp-layout")) {
    options.seccomp.one = options.seccomp.two = false;
    for (llvm::StringRef layout : llvm::split(arguments.get("--seccomp-layout"), ',')) {
      if (layout != "one" && layout != "two") return "--seccomp-layout: '" + layout.str() + "' is not one of one, two";
      (layout == "one" ? options.seccomp.one : options.seccomp.two) = true;
    }
  }
  for (llvm::StringRef step : llvm::split(arguments.get("--seccomp-steps"), ',')) {
    if (step.empty()) continue;
    if (!isChoice("runs|leaves|tree|layout", step))
      return "--seccomp-steps: '" + step.str() + "' is not one of runs, leaves, tree, layout";
    options.seccompSteps.insert(step.str());
  }
  return "";
}

// Of --connect, --mode, --passes, --revision and the backends'. An error text, or empty.
std::string readOptions(const Arguments &arguments, CompileOptions &options) {
  for (const std::string &what : arguments.all("--connect"))
    if (std::string error = parseConnect(what, options.instantiate.connect); !error.empty())
      return "--connect: " + error;
  if (!arguments.has("--connect")) options.instantiate.connect.automatic = true;
  options.instantiate.mode = llvm::StringSwitch<ModeRequest>(arguments.get("--mode"))
                                 .Case("devmode", ModeRequest::Devmode)
                                 .Case("jailmode", ModeRequest::Jailmode)
                                 .Case("classic", ModeRequest::Classic)
                                 .Default(ModeRequest::Declared);
  options.instantiate.allowUnknown = arguments.has("--allow-unknown");
  if (arguments.has("--passes"))
    if (std::string error = ir::parsePassList(arguments.get("--passes"), options.passes); !error.empty())
      return "--passes: " + error;
  options.passes.verify = options.seccomp.verify = arguments.isOn("--verify", true);
  options.stage = arguments.get("--emit", "artifacts").str();
  options.output = arguments.get("-o").str();
  options.annotate = arguments.has("--annotate");
  options.revision = arguments.get("--revision", "1").str();
  if (!isRevision(options.revision))
    return "--revision: '" + options.revision + "' is not a revision: a number, or x and a number";
  if (std::string error = readSeccompOptions(arguments, options); !error.empty()) return error;
  unsigned &threads = options.seccomp.threads;
  threads = std::max(1u, std::thread::hardware_concurrency());
  if (arguments.has("-j") && (arguments.get("-j").getAsInteger(10, threads) || threads < 1))
    return "-j: a number from 1 on";
  if (options.output == "-" && options.stage == "artifacts") return "-o -: say which stage, by --emit";
  return "";
}

std::vector<Snap> readSnaps(const Arguments &arguments, const CompileOptions &options, Session &session) {
  std::vector<Snap> snaps;
  for (const std::string &path : arguments.operands) {
    std::optional<FileId> file = session.read(path);
    std::optional<Snap> snap = file ? readSnap(*file, session.engine) : std::nullopt;
    if (!snap) continue;
    snap->revision = options.revision;
    auto same = llvm::find_if(snaps, [&](const Snap &other) { return other.instance() == snap->instance(); });
    if (same != snaps.end())
      session.engine.report<diag::SnapTwice>(snap->nameRange, snap->instance())
          .note<diag::PreviousHere>(same->nameRange, same->instance());
    snaps.push_back(std::move(*snap));
  }
  return snaps;
}

bool readProfile(const Arguments &arguments, CompileOptions &options, Session &session) {
  if (!arguments.has("--seccomp-profile")) return true;
  std::optional<FileId> file = session.read(arguments.get("--seccomp-profile").str());
  if (file) options.seccomp.profile = session.sources.file(*file).text().str();
  return file.has_value();
}

std::vector<ManifestInput> inputsOf(const std::vector<Snap> &snaps, const Library &library, const Arguments &arguments,
                                    const Session &session) {
  std::vector<ManifestInput> inputs;
  for (const Snap &snap : snaps)
    inputs.push_back({session.sources.file(snap.file).name(), "snap", snap.file});
  for (const ast::File &file : library.files) {
    const std::string &name = session.sources.file(file.id).name();
    bool isOverlay = llvm::is_contained(arguments.all("--overlay"), name);
    inputs.push_back({name, isOverlay ? "overlay" : "library", file.id});
  }
  llvm::stable_sort(inputs, [](const ManifestInput &a, const ManifestInput &b) {
    return a.kind != b.kind ? a.kind > b.kind : a.path < b.path;
  });
  return inputs;
}

// A text to stdout or to the file of -o.
int emitText(const std::string &text, const CompileOptions &options, Session &session) {
  if (options.output.empty() || options.output == "-")
    session.out << text;
  else if (llvm::Error error = writeFile(options.output, text))
    session.fail(std::move(error));
  return session.finish();
}

std::string printedAsts(const Library &library, const Session &session) {
  std::string text;
  llvm::raw_string_ostream out(text);
  for (const ast::File &file : library.files)
    printAst(file, session.sources, out);
  return out.str();
}

std::string printed(const Library &library, const Session &session) {
  std::string text;
  llvm::raw_string_ostream out(text);
  printLibrary(library, session.sources, out);
  return out.str();
}

std::string printed(const ir::Policy &policy) {
  std::string text;
  llvm::raw_string_ostream out(text);
  ir::print(policy, out);
  return out.str();
}

// The artifacts of --emit=apparmor and so on, without the others.
std::vector<ir::Artifact> selectStage(std::vector<ir::Artifact> artifacts, llvm::StringRef stage) {
  if (stage == "artifacts") return artifacts;
  llvm::erase_if(artifacts, [&](const ir::Artifact &artifact) {
    return !llvm::StringRef(artifact.path).startswith((stage + "/").str());
  });
  return artifacts;
}

// One file as it is; several texts behind each other, each behind a comment with its name; several binary files are
// refused.
int emitFilesToStdout(const std::vector<ir::Artifact> &files, Session &session) {
  auto isBinary = [](const ir::Artifact &file) { return file.bytes.find('\0') != std::string::npos; };
  if (files.size() > 1 && llvm::any_of(files, isBinary))
    return session.usage("-o -: the stage has " + llvm::Twine(files.size()) +
                         " files, not all of them text; give a directory");
  for (const ir::Artifact &file : files) {
    if (files.size() > 1) session.out << "# " << file.path << "\n";
    session.out << file.bytes;
  }
  return session.finish();
}

void writeDependencies(const Arguments &arguments, const std::string &output, const std::string &library,
                       const std::vector<ManifestInput> &inputs, Session &session) {
  if (!arguments.has("-MD")) return;
  std::vector<std::string> paths;
  for (const ManifestInput &input : inputs) {
    llvm::SmallString<256> path;
    if (input.kind == "library")
      llvm::sys::path::append(path, library, input.path);
    else
      path = input.path;
    paths.push_back(std::string(path));
  }
  std::string file = arguments.get("-MF", llvm::StringRef(output).rtrim('/').str() + ".d").str();
  if (llvm::Error error =
          writeFile(file, makeDepfile(llvm::StringRef(output).rtrim('/').str() + "/manifest.json", paths)))
    session.fail(std::move(error));
}

int runCompile(const Arguments &arguments, Session &session) {
  auto start = std::chrono::steady_clock::now();
  Engine &engine = session.engine;
  CompileOptions options;
  if (std::string error = readOptions(arguments, options); !error.empty()) return session.usage(error);
  bool hasProfile = readProfile(arguments, options, session);
  std::vector<Snap> snaps = readSnaps(arguments, options, session);
  if (!hasProfile || session.hasFailed()) return session.finish();

  std::optional<std::string> directory = findLibrary(arguments, session);
  if (!directory) return session.finish();
  int code = Usage;
  std::optional<ir::Target> target = findTarget(arguments, *directory, session, code);
  if (!target) return code;
  std::unique_ptr<Library> library = loadLibrary(*directory, arguments, session);
  if (options.stage == "ast") return emitText(printedAsts(*library, session), options, session);
  if (session.hasFailed()) return session.finish();
  if (options.stage == "library") return emitText(printed(*library, session), options, session);

  Instantiated instantiated = instantiate(*library, snaps, options.instantiate, *target, engine);
  if (session.hasFailed()) return session.finish();
  size_t rulesBefore = instantiated.policy.ruleCount();
  ir::Policy resolved = ir::resolve(instantiated.policy, *target, engine);
  if (session.hasFailed()) return session.finish();
  ir::Policy policy = ir::optimise(resolved, options.passes, *target, engine);
  if (session.hasFailed()) return session.finish();
  if (options.stage == "ir") return emitText(printed(policy), options, session);

  Plans plans = lowerAll(policy, *target, engine);
  if (session.hasFailed()) return session.finish();
  if (options.stage == "plan") {
    std::string text = print(plans);
    if (!options.seccompSteps.empty())
      text += seccomp::printSteps(*plans.seccomp, options.seccomp, options.seccompSteps, engine);
    return emitText(text, options, session);
  }
  std::vector<ir::Artifact> files =
      selectStage(emitAll(plans, policy, options.seccomp, options.annotate, engine), options.stage);
  if (session.hasFailed()) return session.finish();
  if (options.output == "-") return emitFilesToStdout(files, session);

  if (options.stage == "artifacts") {
    for (const Snap &snap : snaps)
      files.push_back(makeRuntimeFile(snap, policy, files));
    files.push_back({treePolicyFile, printed(resolved), 0644, false});
    if (arguments.has("--self-check"))
      for (const Snap &snap : snaps)
        files.push_back(makeSelfChecks(snap, resolved, engine));
  }
  llvm::sort(files);
  std::vector<ManifestInput> inputs = inputsOf(snaps, *library, arguments, session);
  files.push_back(makeManifest({*target, instantiated, inputs, plans.notEnforced(), files}, engine));
  std::string output = options.output.empty() ? snaps.front().instance() + ".policy" : options.output;
  if (llvm::Error error = writeTree(files, output)) {
    session.fail(std::move(error));
    return session.finish();
  }
  writeDependencies(arguments, output, *directory, inputs, session);
  if (!session.quiet) {
    std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - start;
    printSummary({*target, snaps, instantiated, policy, rulesBefore, plans.notEnforced(), files, output,
                  engine.warningCount(), elapsed.count(), session.verbose},
                 session.out);
  }
  return session.finish();
}

constexpr Option compileOptions[] = {
    {"-o", nullptr, Option::Kind::Value, "DIR",
     "where the policy goes: by default NAME.policy; `-` is stdout, for one stage (--emit)"},
    {"--connect", nullptr, Option::Kind::Value, "WHAT",
     "auto (default): what the connection policy connects by itself; none; all: every plug whatever the policy says; "
     "or SNAP:PLUG=:SLOT, "
     "SNAP:PLUG=SNAP:SLOT, :PLUG=SNAP:SLOT, where the system has no name",
     true},
    {"--mode", nullptr, Option::Kind::Value, "MODE",
     "declared (default: as the snap's confinement says), devmode, jailmode or classic", false,
     "declared|devmode|jailmode|classic"},
    {"--allow-unknown", nullptr, Option::Kind::Flag, nullptr,
     "an interface that the library does not have is a warning and gives no rules"},
    {"--revision", nullptr, Option::Kind::Value, "N", "the revision of the snaps (default 1)"},
    {"--emit", nullptr, Option::Kind::Value, "STAGE",
     "stop at a stage: ast, library, ir, plan (texts), apparmor, seccomp, cgroup, udev (files), artifacts (default)",
     false, "ast|library|ir|plan|apparmor|seccomp|cgroup|udev|artifacts"},
    {"--self-check", nullptr, Option::Kind::Flag, nullptr,
     "write what `snapsec-run --self-check` tries: accesses, and which mechanism is to deny them"},
    {"--annotate", nullptr, Option::Kind::Flag, nullptr,
     "say behind each statement of a profile where it comes from and why"},
    {"-MD", nullptr, Option::Kind::Flag, nullptr, "write a file of dependencies for make and ninja beside the output"},
    {"-MF", nullptr, Option::Kind::Value, "FILE", "its name (default DIR.d)"},
    {"-j", nullptr, Option::Kind::Value, "N",
     "threads that may be used, else one a core; the output does not depend on it"},
};
constexpr Option passOptions[] = {
    {"--passes", nullptr, Option::Kind::Value, "LIST",
     "the optimising passes to run, joined by commas, or none; default: all"},
    {"--verify", nullptr, Option::Kind::Switch, nullptr,
     "check the policy after each pass, and each filter against its plan (default)"},
    {"--seccomp-layout", nullptr, Option::Kind::Value, "LIST",
     "two: allow and deny filters (.bin2), one: a single filter (.bpf); default both"},
    {"--seccomp-tune", nullptr, Option::Kind::Value, "GOAL",
     "what filters are laid out for: balanced (default), uniform, traces, cached or size", false,
     "balanced|uniform|traces|cached|size"},
    {"--seccomp-profile", nullptr, Option::Kind::Value, "FILE", "frequencies of system calls to lay filters out by"},
    {"--seccomp-codegen", nullptr, Option::Kind::Value, "WHICH", "own (default), or libseccomp for comparison", false,
     "own|libseccomp"},
    {"--seccomp-steps", nullptr, Option::Kind::Value, "LIST",
     "with --emit plan: also what steps of making filters made: runs, leaves, tree, layout"},
    {"-O3", nullptr, Option::Kind::Flag, nullptr, "search longer for a good filter"},
};
constexpr OptionGroup groups[] = {{"Output", compileOptions},  {"Target", targetOptions},
                                  {"Library", libraryOptions}, {"Saved library", cacheOptions},
                                  {"Passes", passOptions},     {"Diagnostics", diagnosticOptions},
                                  {"Options", commonOptions}};

} // namespace

const Command compileCommand = {
    "compile",
    "SNAP.yaml...",
    "compile the policy of snaps: profiles, filters, device lists and the rest",
    "Each operand is a snap.yaml; all are known to each other for connections. ROOT/meta/snap.yaml makes ROOT the "
    "directory of the snap's "
    "files, for policy that reads them. The output directory holds a manifest.json that names every file with its "
    "hash; in an existing "
    "directory only files of an earlier manifest are replaced.",
    {"snapsecc compile meta/snap.yaml # All that snapd would connect by itself, into NAME.policy.",
     "snapsecc compile foo.yaml --connect foo:home=:home --emit apparmor -o - # One connection; the profiles on "
     "stdout."},
    groups,
    1,
    anyNumber,
    runCompile};

} // namespace snapsecc::driver
