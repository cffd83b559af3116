// SPDX-License-Identifier: Apache-2.0
// test: the `test` blocks and `never` invariants of a library.
//   A test's scenes (frontend/TestScenes.h) are compiled as snaps are, and each answer is asked of all mechanisms: the
//   rules through automata, the filter as a program, the device cgroup. An invariant is asked of all that each
//   interface may grant (frontend/Reach.h), without the template's grants behind it.
#include "driver/CommonOptions.h"
#include "driver/Coverage.h"
#include "driver/Diagnostics.h"
#include "driver/Driver.h"
#include "driver/QueryAnswer.h"
#include "driver/TargetOptions.h"
#include "driver/TestFilter.h"
#include "frontend/Reach.h"
#include "frontend/TestScenes.h"
#include "ir/Passes.h"
#include "ir/Text.h"
#include "llvm/Support/FileSystem.h"

namespace snapsecc::driver {
namespace {

class Tester {
public:
  Tester(const Library &all, const ir::Target &machine, Session &run)
      : library(all), target(machine), session(run), coverage(all, run.sources) {}
  void runTests();
  void proveInvariants();
  void printCoverage() { coverage.print(session.out); }
  std::string summary() const;

private:
  void run(const ast::Statement &test, const Interface *interface);
  void answer(const TestScene &scene);
  void judge(const Expectation &expected, const Question &question, const LabelAnswer &found);
  LabelAnswer askFilter(const Question &question, const TestFilter &filter, SourceRange range);
  void prove(const Never &never);
  void reportDecisions(Engine::Builder &builder, const ir::Policy &policy, const analysis::Answer &answer);

  const Library &library;
  const ir::Target &target;
  Session &session;
  Coverage coverage;
  analysis::RuleMatcher matcher;
  unsigned tests = 0, answers = 0, invariants = 0, failed = 0;
  std::map<std::pair<const Interface *, SideKind>, ir::Policy> reach; // keyed for look-ups alone
};

bool connectsByItself(const Interface &interface) {
  return llvm::any_of(interface.connects, [](const Interface::Connect &line) {
    return line.level == Interface::Connect::Level::Auto || line.level == Interface::Connect::Level::AutoOnly;
  });
}

std::string printed(const ir::Rule &access) { return llvm::StringRef(ir::printRule(access)).rtrim(";\n").str(); }

void Tester::reportDecisions(Engine::Builder &builder, const ir::Policy &policy, const analysis::Answer &answer) {
  auto add = [&](llvm::ArrayRef<analysis::Decision> decisions, const char *does) {
    for (const analysis::Decision &decision : decisions)
      for (ir::OriginId id : decision.rule.origins) {
        const ir::Origin &origin = policy.origins[id];
        builder.note<diag::RuleDecides>(coverage.rangeOf(origin), origin.owner, does, printed(decision.rule));
      }
  };
  add(answer.grants, "grants");
  add(answer.denials, "denies");
}

void Tester::answer(const TestScene &scene) {
  ir::Target machine = target;
  machine.system = scene.system;
  InstantiateOptions options;
  options.connect = scene.connect;
  size_t before = session.engine.errorCount();
  ir::Policy policy = instantiate(library, scene.snaps, options, machine, session.engine).policy;
  if (session.engine.errorCount() == before) policy = ir::resolve(std::move(policy), machine, session.engine);
  std::optional<analysis::RuleList> rules = analysis::findRules(policy, scene.label);
  if (session.engine.errorCount() != before || !rules) {
    ++failed;
    return;
  }
  std::optional<TestFilter> filter;
  for (const Expectation &expected : scene.expectations)
    for (const ir::Rule &access : analysis::atomsOf(expected.access)) {
      Question question{policy, *rules, access};
      if (access.kind == ir::RuleKind::Syscall && !filter)
        filter.emplace(policy, *rules->label, machine, session.engine);
      LabelAnswer found = access.kind == ir::RuleKind::Syscall ? askFilter(question, *filter, expected.range)
                                                               : askAll(question, matcher, session.engine);
      judge(expected, question, found);
    }
}

// What the program says, and by which rules.
LabelAnswer Tester::askFilter(const Question &question, const TestFilter &filter, SourceRange range) {
  LabelAnswer made{question.rules.name, {}, {}, {}};
  for (const ir::Value &value : question.access.get("SYSCALL")) { // one
    const ir::Syscall *call = ir::findSyscall(value.text);
    std::vector<const ir::ArchInfo *> arches = filter.architectures(*call);
    if (arches.empty()) session.engine.report<diag::TestNoCall>(range, value.text, question.policy.arch);
    for (const ir::ArchInfo *arch : arches) {
      std::optional<CallArguments> arguments = readArguments(value, *call, *arch, session.engine);
      if (!arguments) continue;
      ir::Policy machine = question.policy;
      machine.arch = arch->kernel;
      std::optional<analysis::Answer> rules =
          askCall({machine, question.rules, question.access}, value, session.engine);
      if (!rules) continue;
      bool allowed = filter.allows(*call, *arguments, *arch);
      rules->verdict =
          allowed ? analysis::Verdict{analysis::Extent::Whole, analysis::Extent::Whole} : analysis::Verdict();
      if (allowed) made.verdict = rules->verdict;
      made.mechanisms.push_back({std::string("the filter on ") + arch->kernel, print(value), std::move(*rules), ""});
    }
  }
  return made;
}

void Tester::judge(const Expectation &expected, const Question &question, const LabelAnswer &found) {
  const ir::Policy &policy = question.policy;
  ++answers;
  for (const MechanismAnswer &mechanism : found.mechanisms)
    for (const auto *decisions : {&mechanism.answer.grants, &mechanism.answer.denials})
      for (const analysis::Decision &decision : *decisions)
        for (ir::OriginId id : decision.rule.origins)
          coverage.touch(policy.origins[id]);
  if (found.verdict.allowed() == expected.granted) return;
  ++failed;
  std::string access = printed(question.access);
  auto builder = expected.granted ? session.engine.report<diag::TestDenied>(expected.range, access, found.label)
                                  : session.engine.report<diag::TestAllowed>(expected.range, access, found.label);
  for (const MechanismAnswer &mechanism : found.mechanisms) {
    if (mechanism.answer.verdict.allowed() == expected.granted) continue;
    builder.note<diag::MechanismAnswers>(SourceRange(), mechanism.mechanism, name(mechanism.answer.verdict),
                                         mechanism.asked.empty() ? access : mechanism.asked);
    reportDecisions(builder, policy, mechanism.answer);
  }
}

void Tester::run(const ast::Statement &test, const Interface *interface) {
  ++tests;
  for (const TestScene &scene : makeTestScenes(test, interface, library, target, session.sources))
    answer(scene);
}

void Tester::runTests() {
  for (const auto &[name, interface] : library.interfaces)
    for (const ast::Statement *test : interface.tests)
      run(*test, &interface);
  for (const ast::Statement *test : library.tests)
    run(*test, nullptr);
}

// The rules alone: what else an access needs is no excuse.
analysis::Answer askRules(const ir::Policy &policy, const ir::Rule &atom, analysis::RuleMatcher &matcher,
                          Engine &engine) {
  const ir::Label &label = policy.labels.front();
  if (atom.kind != ir::RuleKind::Syscall) return analysis::ask(label.rules, atom, matcher);
  analysis::RuleList rules{&label, label.name, &label.rules};
  return askCall({policy, rules, atom}, atom.get("SYSCALL").front(), engine).value_or(analysis::Answer());
}

void Tester::prove(const Never &never) {
  ++invariants;
  auto accesses = accessesOf(never, library, target, session.sources);
  auto ask = [&](const ir::Policy &policy, const std::string &who) {
    for (const auto &[range, access] : accesses)
      for (const ir::Rule &atom : analysis::atomsOf(access)) {
        analysis::Answer answer = askRules(policy, atom, matcher, session.engine);
        if (!answer.verdict.allowed()) continue;
        ++failed;
        auto builder = session.engine.report<diag::NeverViolated>(range, who, printed(atom));
        reportDecisions(builder, policy, answer);
      }
  };
  for (const auto &[key, policy] : reach) {
    auto [interface, side] = key;
    if (llvm::is_contained(never.except, interface->name)) continue;
    // What connects by itself is the plug's gain; who may have the slot is said by `provider`.
    if (never.automatic && (side == SideKind::Slot || !connectsByItself(*interface))) continue;
    ask(policy, interface->name + (side == SideKind::Plug ? " plug" : " slot"));
  }
}

void Tester::proveInvariants() {
  if (library.nevers.empty()) return;
  for (const auto &[name, interface] : library.interfaces)
    for (SideKind side : {SideKind::Plug, SideKind::Slot})
      reach[{&interface, side}] =
          ir::resolve(reachOf(interface, side, library, target, session.sources), target, session.engine);
  for (const Never &never : library.nevers)
    prove(never);
}

std::string Tester::summary() const {
  return (llvm::Twine(tests) + " tests, " + llvm::Twine(answers) + " answers, " + llvm::Twine(invariants) +
          " invariants: " + (failed ? llvm::Twine(failed) + " failed" : llvm::Twine("all hold")) + "\n")
      .str();
}

int runTest(const Arguments &arguments, Session &session) {
  std::optional<std::string> directory;
  if (arguments.operands.empty())
    directory = findLibrary(arguments, session);
  else if (llvm::sys::fs::is_directory(arguments.operands.front()))
    directory = arguments.operands.front();
  else
    session.fail("'" + arguments.operands.front() + "' is no directory");
  if (!directory) return session.finish();
  int code = Usage;
  std::optional<ir::Target> target = findTarget(arguments, *directory, session, code);
  if (!target) return code;
  std::vector<FileId> sources = readSources(*directory, arguments.all("--overlay"), session.engine);
  std::unique_ptr<Library> library = checkSources(sources, session.engine);
  if (session.hasFailed()) return session.finish();
  Tester tester(*library, *target, session);
  tester.runTests();
  tester.proveInvariants();
  if (arguments.has("--coverage")) tester.printCoverage();
  if (!session.quiet) session.out << tester.summary();
  return session.finish();
}

constexpr Option testOptions[] = {{"--coverage", nullptr, Option::Kind::Flag, nullptr,
                                   "how many rules of each file decided an answer of a test, and which did not"}};
constexpr OptionGroup groups[] = {{"Test", testOptions},
                                  {"Target", targetOptions},
                                  {"Library", libraryOptions},
                                  {"Diagnostics", diagnosticOptions},
                                  {"Options", commonOptions}};

} // namespace

const Command testCommand = {
    "test",
    "[DIR]",
    "run the tests and prove the invariants of a library",
    "DIR is a library; else --stdlib and its likes. Each `test` is compiled like a snap and asked of the rules, the "
    "filter and the device cgroup; each `never` is asked of all that an interface may grant in any case.",
    {"snapsecc test stdlib # All tests and invariants.",
     "snapsecc test --coverage --overlay site.sif # With a site's own file; which rules no test touches."},
    groups,
    0,
    1,
    runTest};

} // namespace snapsecc::driver
