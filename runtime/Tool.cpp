// SPDX-License-Identifier: Apache-2.0
#include "runtime/Tool.h"
#include "runtime/Files.h"
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

namespace snapsecc::runtime {
namespace {

// Files in memory: no pipe that could fill up, nothing left behind.
Result<Fd> memoryFile(std::string_view bytes) {
  Fd fd(memfd_create("snapsec", MFD_CLOEXEC));
  if (!fd) return systemFailure("cannot make a file in memory");
  if (Status written = writeAll(fd, bytes, "a file in memory"); !written) return written.failure();
  lseek(fd.get(), 0, SEEK_SET);
  return fd;
}

std::string contentOf(const Fd &file) {
  lseek(file.get(), 0, SEEK_SET);
  Result<std::string> bytes = readAll(file, 64u << 20, "a tool's output");
  return bytes ? *bytes : "";
}

} // namespace

std::string findTool(std::initializer_list<const char *> paths) {
  for (const char *path : paths) {
    std::optional<std::string> real = realPath(path);
    struct stat status;
    if (real && stat(real->c_str(), &status) == 0 && checkOwner(status, *real) && access(path, X_OK) == 0) return *real;
  }
  return "";
}

Result<std::string> runTool(const std::string &path, const std::vector<std::string> &arguments,
                            std::string_view input) {
  Result<Fd> in = memoryFile(input), out = memoryFile(""), err = memoryFile("");
  for (const auto *file : {&in, &out, &err})
    if (!*file) return file->failure();
  std::vector<char *> words{const_cast<char *>(path.c_str())};
  for (const std::string &argument : arguments)
    words.push_back(const_cast<char *>(argument.c_str()));
  words.push_back(nullptr);
  char search[] = "PATH=/usr/sbin:/usr/bin:/sbin:/bin", language[] = "LC_ALL=C";
  char *environment[] = {search, language, nullptr};
  pid_t child = fork();
  if (child < 0) return systemFailure("cannot fork");
  if (child == 0) {
    if (dup2(in->get(), 0) == 0 && dup2(out->get(), 1) == 1 && dup2(err->get(), 2) == 2)
      execve(path.c_str(), words.data(), environment);
    _exit(127);
  }
  int state = 0;
  while (waitpid(child, &state, 0) < 0)
    if (errno != EINTR) return systemFailure("cannot wait for '" + path + "'");
  if (state == 0) return contentOf(*out);
  std::string said = contentOf(*err);
  return Failure{"'" + path +
                 "' failed: " + (said.empty() ? "it says nothing" : said.substr(0, said.find_last_not_of('\n') + 1))};
}

} // namespace snapsecc::runtime
