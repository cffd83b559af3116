// SPDX-License-Identifier: Apache-2.0
// One context an architecture, for a rule means every architecture of its context; they are merged for the export.
#include "backends/seccomp/Libseccomp.h"
#include "llvm/ADT/STLExtras.h"
#include <cassert>
#include <chrono>
#include <cstring>
#include <memory>
#include <seccomp.h>
#include <sys/mman.h>
#include <unistd.h>

namespace snapsecc::seccomp {

namespace {
struct Release {
  void operator()(void *context) const { seccomp_release(context); }
};
using Context = std::unique_ptr<void, Release>;

llvm::Error failed(const char *what, int code) {
  return llvm::createStringError(std::error_code(-code, std::generic_category()), "libseccomp cannot %s: %s", what,
                                 std::strerror(-code));
}

scmp_arg_cmp comparison(const Test &test) {
  static constexpr scmp_compare operators[] = {SCMP_CMP_EQ, SCMP_CMP_NE, SCMP_CMP_LT,       SCMP_CMP_LE,
                                               SCMP_CMP_GT, SCMP_CMP_GE, SCMP_CMP_MASKED_EQ};
  const bool masked = test.op == Operator::Masked;
  return {test.argument, operators[static_cast<unsigned>(test.op)], masked ? test.mask : test.value,
          masked ? test.value : 0};
}

llvm::Error addRule(void *context, uint32_t what, const Call &call, int number, const Clause &clause) {
  std::vector<scmp_arg_cmp> arguments;
  for (const Test &test : clause) {
    if (llvm::any_of(arguments, [&](const scmp_arg_cmp &a) { return a.arg == test.argument; }))
      return llvm::createStringError(std::errc::not_supported, "libseccomp cannot test one argument of '%s' twice",
                                     call.name.c_str());
    arguments.push_back(comparison(test));
  }
  const int code =
      seccomp_rule_add_array(context, what, number, static_cast<unsigned>(arguments.size()), arguments.data());
  return code == 0 || code == -EEXIST ? llvm::Error::success() : failed(("add a rule for " + call.name).c_str(), code);
}

llvm::Error addCalls(void *context, const ArchPlan &arch, Part part, LibseccompResult &result) {
  for (const Call &call : arch.calls) {
    if (part == Part::AllowFilter ? call.allow.empty() : call.deny.empty()) continue;
    const int number = seccomp_syscall_resolve_name(call.name.c_str());
    if (number == __NR_SCMP_ERROR) {
      if (!llvm::is_contained(result.lacking, call.name)) result.lacking.push_back(call.name);
      continue;
    }
    if (part == Part::AllowFilter) {
      for (const Clause &clause : call.allow)
        if (llvm::Error error = addRule(context, SCMP_ACT_ALLOW, call, number, clause)) return error;
    } else {
      for (const Deny &deny : call.deny)
        if (llvm::Error error = addRule(context, deny.action, call, number, deny.tests)) return error;
    }
  }
  return llvm::Error::success();
}

llvm::Expected<Program> exported(void *context, bool bigEndian) {
  const int file = memfd_create("filter", MFD_CLOEXEC);
  if (file < 0) return failed("get a file to write to", -errno);
  std::string bytes;
  const int code = seccomp_export_bpf(context, file);
  if (code == 0) {
    bytes.resize(static_cast<size_t>(lseek(file, 0, SEEK_END)));
    if (pread(file, bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size())) bytes.clear();
  }
  close(file);
  if (code != 0) return failed("write the filter", code);
  return decode(bytes, bigEndian);
}
} // namespace

llvm::Expected<LibseccompResult> throughLibseccomp(const LabelPlan &plan, Part part, bool tree, bool bigEndian) {
  assert(part != Part::Both);
  LibseccompResult result;
  const uint32_t otherwise = part == Part::DenyFilter ? action::Allow : plan.defaultAction;
  Context all;
  for (const ArchPlan &arch : plan.arches) {
    Context context(seccomp_init(otherwise));
    if (!context) return failed("start", -ENOMEM);
    if (seccomp_arch_exist(context.get(), arch.arch->audit) == -EEXIST) {
      // Its own first: one context has one byte order.
      if (int code = seccomp_arch_remove(context.get(), SCMP_ARCH_NATIVE))
        return failed("leave out its own architecture", code);
      if (int code = seccomp_arch_add(context.get(), arch.arch->audit))
        return failed("make filters for this architecture", code);
    }
    if (tree)
      if (int code = seccomp_attr_set(context.get(), SCMP_FLTATR_CTL_OPTIMIZE, 2)) return failed("make a tree", code);
    if (llvm::Error error = addCalls(context.get(), arch, part, result)) return error;
    if (!all)
      all = std::move(context);
    else if (int code = seccomp_merge(all.get(), context.release()))
      return failed("merge architectures", code); // takes the second
  }
  const auto before = std::chrono::steady_clock::now();
  auto program = exported(all.get(), bigEndian);
  result.exportSeconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - before).count();
  if (!program) return program.takeError();
  result.program = std::move(*program);
  return result;
}

} // namespace snapsecc::seccomp
