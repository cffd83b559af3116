// SPDX-License-Identifier: Apache-2.0
#include "runtime/Seccomp.h"
#include "runtime/Capabilities.h"
#include <linux/capability.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace snapsecc::runtime {
namespace {

long seccomp(unsigned operation, unsigned flags, void *argument) {
  return syscall(SYS_seccomp, operation, flags, argument);
}

// snap-confine's header, in the machine's byte order.
struct FileHeader {
  char magic[2];
  uint8_t version, unrestricted;
  char padding[4];
  uint32_t allowSize, denySize;
  char reserved[112];
};
static_assert(sizeof(FileHeader) == 128);

Result<std::vector<sock_filter>> program(std::string_view bytes) {
  if (bytes.empty() || bytes.size() % sizeof(sock_filter) || bytes.size() / sizeof(sock_filter) > BPF_MAXINSNS)
    return Failure{"a seccomp filter has " + std::to_string(bytes.size()) + " bytes"};
  std::vector<sock_filter> instructions(bytes.size() / sizeof(sock_filter));
  memcpy(instructions.data(), bytes.data(), bytes.size());
  return instructions;
}

} // namespace

Result<Filters> readFilter(std::string_view bytes) {
  Result<std::vector<sock_filter>> one = program(bytes);
  if (!one) return one.failure();
  return Filters{std::move(*one)};
}

Result<Filters> readFilters(std::string_view bytes) {
  FileHeader header;
  if (bytes.size() < sizeof header) return Failure{"a file of filters is too short"};
  memcpy(&header, bytes.data(), sizeof header);
  if (memcmp(header.magic, "SC", 2) != 0 || header.version != 1) return Failure{"no file of filters, version 1"};
  if (header.unrestricted == 1) return Filters{};
  bytes.remove_prefix(sizeof header);
  if (header.unrestricted > 1 || uint64_t(header.allowSize) + header.denySize != bytes.size())
    return Failure{"a file of filters has not the size that its head says"};
  Result<std::vector<sock_filter>> deny = program(bytes.substr(header.allowSize)),
                                   allow = program(bytes.substr(0, header.allowSize));
  if (!deny || !allow) return deny ? allow.failure() : deny.failure();
  return Filters{std::move(*deny), std::move(*allow)};
}

Status probeSeccomp() {
  uint32_t action = SECCOMP_RET_ERRNO;
  if (seccomp(SECCOMP_GET_ACTION_AVAIL, 0, &action) != 0)
    return systemFailure("the kernel has no seccomp filters that deny");
  return {};
}

Status loadFilters(const Filters &filters) {
  if (filters.empty()) return {};
  if (!hasEffective(CAP_SYS_ADMIN) && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
    return systemFailure("cannot set no_new_privs");
  for (const std::vector<sock_filter> &filter : filters) {
    sock_fprog program{static_cast<unsigned short>(filter.size()), const_cast<sock_filter *>(filter.data())};
    if (seccomp(SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_LOG, &program) == 0) continue;
    if (errno != EINVAL || seccomp(SECCOMP_SET_MODE_FILTER, 0, &program) != 0) // the flag: since Linux 4.14
      return systemFailure("cannot load a seccomp filter");
  }
  return {};
}

} // namespace snapsecc::runtime
