// SPDX-License-Identifier: Apache-2.0
#include "runtime/Probe.h"
#include "runtime/Files.h"
#include <algorithm>
#include <csignal>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <sys/wait.h>
#include <unistd.h>

namespace snapsecc::runtime {
namespace {

using Words = std::vector<std::string>;

int errorOf(long result) { return result < 0 ? errno : 0; }

namespace probes {

int open(const Words &words) {
  int flags = words[1] == "r" ? O_RDONLY : words[1] == "w" ? O_WRONLY : O_RDWR;
  return errorOf(::open(words[0].c_str(), flags | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
}

int create(const Words &words) {
  int fd = ::open(words[0].c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  int error = errorOf(fd);
  if (fd >= 0) unlink(words[0].c_str());
  return error == EEXIST ? 0 : error;
}

int exec(const Words &words) {
  int null = ::open("/dev/null", O_RDWR | O_CLOEXEC);
  for (int fd = 0; fd < 3 && null >= 0; ++fd)
    dup2(null, fd);
  char help[] = "--help";
  char *arguments[] = {const_cast<char *>(words[0].c_str()), help, nullptr}, *environment[] = {nullptr};
  return errorOf(execve(words[0].c_str(), arguments, environment));
}

int socket(const Words &words) {
  return errorOf(::socket(std::stoi(words[0]), std::stoi(words[1]) | SOCK_CLOEXEC, std::stoi(words[2])));
}

constexpr std::pair<const char *, long> calls[] = {
#define CALL(Name) {#Name, SYS_##Name},
#include "runtime/Calls.def"
#undef CALL
};

int call(const Words &words) {
  for (const auto &[name, number] : calls)
    if (words[0] == name) return errorOf(syscall(number, -1L, -1L, -1L, -1L, -1L, -1L));
  return ENOSYS;
}

// Where there is no socket to try it with, nothing is said about the capability.
int bindLowPort() {
  Fd fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (!fd) return EAFNOSUPPORT;
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(7);
  return errorOf(bind(fd.get(), reinterpret_cast<sockaddr *>(&address), sizeof address));
}

int markSocket() {
  Fd fd(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  if (!fd) return EAFNOSUPPORT;
  int mark = 1;
  return errorOf(setsockopt(fd.get(), SOL_SOCKET, SO_MARK, &mark, sizeof mark));
}

int raiseLimit() {
  rlimit limit;
  if (getrlimit(RLIMIT_MSGQUEUE, &limit) != 0) return errno;
  limit.rlim_max += 1;
  return errorOf(setrlimit(RLIMIT_MSGQUEUE, &limit));
}

struct CapabilityUse {
  const char *name;
  int (*use)();
};
constexpr CapabilityUse uses[] = {
    {"setpcap", [] { return errorOf(prctl(PR_CAPBSET_DROP, 1, 0, 0, 0)); }},
    {"net_raw", [] { return errorOf(::socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_ICMP)); }},
    {"net_admin", markSocket},
    {"net_bind_service", bindLowPort},
    {"sys_chroot", [] { return errorOf(chroot("/")); }},
    {"sys_resource", raiseLimit},
    {"wake_alarm", [] { return errorOf(timerfd_create(CLOCK_REALTIME_ALARM, TFD_CLOEXEC)); }},
};

int capability(const Words &words) {
  for (const CapabilityUse &one : uses)
    if (words[0] == one.name) return one.use();
  return ENOSYS;
}

int signal(const Words &) { return errorOf(kill(getppid(), SIGCONT)); }

int inspect(const Words &) {
  std::string file = "/proc/" + std::to_string(getppid()) + "/exe";
  char text[16];
  return errorOf(readlink(file.c_str(), text, sizeof text));
}

} // namespace probes

struct Verb {
  const char *name;
  size_t words;
  int (*attempt)(const Words &);
};
constexpr Verb verbs[] = {
#define PROBE(Name, Count, Function) {Name, Count, probes::Function},
#include "runtime/Probes.def"
#undef PROBE
};

const Verb *findVerb(const Words &words) {
  auto found = std::find_if(std::begin(verbs), std::end(verbs), [&](const Verb &verb) {
    return !words.empty() && words[0] == verb.name && words.size() == verb.words + 1;
  });
  return found == std::end(verbs) ? nullptr : found;
}

bool isNumber(const std::string &word) {
  return !word.empty() && word.size() < 5 && word.find_first_not_of("0123456789") == std::string::npos;
}

} // namespace

bool isProbe(const Words &words) {
  const Verb *verb = findVerb(words);
  if (!verb) return false;
  return words[0] != "socket" || std::all_of(words.begin() + 1, words.end(), isNumber);
}

Result<ProbeResult> tryProbe(const Words &words, const std::function<Status()> &confine) {
  const Verb *verb = findVerb(words);
  int ends[2];
  if (!verb || pipe2(ends, O_CLOEXEC) != 0) return systemFailure("cannot try '" + words[0] + "'");
  Fd read(ends[0]), write(ends[1]);
  pid_t child = fork();
  if (child < 0) return systemFailure("cannot fork");
  if (child == 0) {
    Status confined = confine();
    int error = confined ? verb->attempt(Words(words.begin() + 1, words.end())) : -1;
    (void)!::write(write.get(), &error, sizeof error); // a program that is executed closes the pipe: nothing arrives
    _exit(0);
  }
  write = Fd();
  ProbeResult result{0, child};
  ssize_t count;
  while ((count = ::read(read.get(), &result.error, sizeof result.error)) < 0 && errno == EINTR)
    ;
  int state = 0;
  while (waitpid(child, &state, 0) < 0 && errno == EINTR)
    ;
  if (count < 0 || result.error < 0) return Failure{"the process that tries '" + words[0] + "' could not be confined"};
  return result;
}

} // namespace snapsecc::runtime
