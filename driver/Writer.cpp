// SPDX-License-Identifier: Apache-2.0
//  1. Plan: compare with what is on disk; refuse what would touch a foreign file.
//  2. Stage: write what differs into a new directory beside the output, fsync each file.
//  3. Commit: rename. Into a new tree that is one rename; into an existing one it is a rename a file, the old file kept
//  in the
//     staging directory until all are in place, so that a failure can be undone.
#include "driver/Writer.h"
#include "driver/Manifest.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include <csignal>
#include <fcntl.h>
#include <set>
#include <sys/stat.h>
#include <unistd.h>

namespace snapsecc::driver {
namespace {

using llvm::Error;
using llvm::StringRef;
namespace path = llvm::sys::path;

std::string below(const llvm::Twine &first, const llvm::Twine &second) {
  llvm::SmallString<256> result;
  path::append(result, first, second);
  return std::string(result);
}

Error failure(const llvm::Twine &what, int code = errno) {
  std::error_code error(code, std::generic_category());
  return llvm::createStringError(error, what + ": " + error.message());
}

Error refusal(std::errc code, const llvm::Twine &what) {
  return llvm::createStringError(std::make_error_code(code), what);
}

// Blocks the signals that end a program; a pending one is delivered when this goes out of scope.
class SignalBlock {
public:
  SignalBlock() {
    sigemptyset(&set);
    for (int signal : {SIGINT, SIGTERM, SIGHUP})
      sigaddset(&set, signal);
    pthread_sigmask(SIG_BLOCK, &set, &before);
  }
  ~SignalBlock() { pthread_sigmask(SIG_SETMASK, &before, nullptr); }
  SignalBlock(const SignalBlock &) = delete;
  SignalBlock &operator=(const SignalBlock &) = delete;
  bool isPending() const {
    sigset_t pending;
    sigpending(&pending);
    return sigismember(&pending, SIGINT) || sigismember(&pending, SIGTERM) || sigismember(&pending, SIGHUP);
  }

private:
  sigset_t set, before;
};

// A directory that goes away with this object, and the directories above it that had to be made, where they are empty
// then.
class Stage {
public:
  static llvm::Expected<std::unique_ptr<Stage>> make(StringRef beside) {
    auto stage = std::unique_ptr<Stage>(new Stage);
    std::string parent = path::parent_path(beside).str();
    if (Error error = stage->makeParents(parent)) return error;
    for (unsigned n = 0;; ++n) {
      stage->directory =
          below(parent, "." + path::filename(beside) + "." + llvm::Twine(getpid()) + "." + llvm::Twine(n));
      if (mkdir(stage->directory.c_str(), 0777) == 0) return stage;
      if (errno != EEXIST) return failure("cannot make '" + stage->directory + "'");
    }
  }
  ~Stage() {
    llvm::sys::fs::remove_directories(directory);
    for (auto parent = parents.rbegin(); parent != parents.rend(); ++parent)
      rmdir(parent->c_str());
  }
  const std::string &name() const { return directory; }

private:
  Stage() = default;
  Error makeParents(const std::string &parent) {
    struct stat status;
    if (parent.empty() || stat(parent.c_str(), &status) == 0) return Error::success();
    if (Error error = makeParents(path::parent_path(parent).str())) return error;
    if (mkdir(parent.c_str(), 0777) != 0) return failure("cannot make '" + parent + "'");
    parents.push_back(parent);
    return Error::success();
  }
  std::string directory;
  std::vector<std::string> parents;
};

Error syncDirectory(const std::string &directory) {
  int fd = open(directory.empty() ? "." : directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  bool good = fd >= 0 && fsync(fd) == 0;
  int code = errno;
  if (fd >= 0) close(fd);
  return good ? Error::success() : failure("cannot sync '" + directory + "'", code);
}

Error writeAll(int fd, StringRef bytes) {
  while (!bytes.empty()) {
    ssize_t count = write(fd, bytes.data(), bytes.size());
    if (count < 0 && errno != EINTR) return failure("cannot write");
    if (count > 0) bytes = bytes.drop_front(static_cast<size_t>(count));
  }
  return Error::success();
}

Error makeFile(const ir::Artifact &artifact, const std::string &at) {
  if (std::error_code code = llvm::sys::fs::create_directories(path::parent_path(at)))
    return failure("cannot make '" + path::parent_path(at) + "'", code.value());
  if (artifact.symlink)
    return symlink(artifact.bytes.c_str(), at.c_str()) == 0 ? Error::success()
                                                            : failure("cannot make '" + artifact.path + "'");
  int fd = open(at.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, artifact.mode);
  if (fd < 0) return failure("cannot make '" + artifact.path + "'");
  Error error = writeAll(fd, artifact.bytes);
  if (!error && (fchmod(fd, artifact.mode) != 0 || fsync(fd) != 0))
    error = failure("cannot write '" + artifact.path + "'");
  if (close(fd) != 0 && !error) error = failure("cannot write '" + artifact.path + "'");
  return error;
}

bool isSame(const ir::Artifact &artifact, const std::string &at, const struct stat &status) {
  if (artifact.symlink != S_ISLNK(status.st_mode)) return false;
  if (artifact.symlink) {
    std::string target(static_cast<size_t>(status.st_size) + 1, '\0');
    ssize_t length = readlink(at.c_str(), target.data(), target.size());
    return length >= 0 && target.compare(0, static_cast<size_t>(length), artifact.bytes) == 0 &&
           static_cast<size_t>(length) == artifact.bytes.size();
  }
  if ((status.st_mode & 07777) != artifact.mode || static_cast<size_t>(status.st_size) != artifact.bytes.size())
    return false;
  auto buffer = llvm::MemoryBuffer::getFile(at, /*IsText=*/false, /*RequiresNullTerminator=*/false);
  return buffer && (*buffer)->getBuffer() == artifact.bytes;
}

// What a commit into an existing tree did, to be undone where it does not end well.
class Commit {
public:
  Commit(const std::string &output, const std::string &stagingDirectory) : tree(output), staging(stagingDirectory) {}
  ~Commit() {
    if (done) return;
    for (auto step = steps.rbegin(); step != steps.rend(); ++step) {
      if (step->from.empty())
        rmdir(step->to.c_str());
      else
        (void)rename(step->to.c_str(), step->from.c_str());
    }
  }
  Error replace(const std::string &file) {
    if (Error error = makeParents(path::parent_path(file))) return error;
    if (Error error = keepOld(file)) return error;
    return move(below(staging, "new/" + file), below(tree, file));
  }
  Error remove(const std::string &file) { return keepOld(file); }
  void finish() { done = true; }

private:
  struct Step {
    std::string from, to; // from empty: a directory was made
  };
  Error move(const std::string &from, const std::string &to) {
    if (rename(from.c_str(), to.c_str()) != 0) return failure("cannot put '" + to + "' in place");
    steps.push_back({from, to});
    return Error::success();
  }
  Error keepOld(const std::string &file) {
    struct stat status;
    std::string at = below(tree, file);
    if (lstat(at.c_str(), &status) != 0) return Error::success();
    return move(at, below(staging, "old/" + llvm::Twine(kept++)));
  }
  Error makeParents(StringRef directory) {
    struct stat status;
    std::string at = below(tree, directory);
    if (directory.empty() || lstat(at.c_str(), &status) == 0) return Error::success();
    if (Error error = makeParents(path::parent_path(directory))) return error;
    if (mkdir(at.c_str(), 0777) != 0) return failure("cannot make '" + at + "'");
    steps.push_back({"", at});
    return Error::success();
  }
  std::string tree, staging;
  std::vector<Step> steps;
  unsigned kept = 0;
  bool done = false;
};

struct Plan {
  std::vector<const ir::Artifact *> changed;
  std::vector<std::string> stale;
};

// Every directory on the way to a file must be one, and no link, or files elsewhere could be replaced.
Error checkParents(const std::string &tree, StringRef file) {
  for (StringRef parent = path::parent_path(file); !parent.empty(); parent = path::parent_path(parent)) {
    struct stat status;
    std::string at = below(tree, parent);
    if (lstat(at.c_str(), &status) == 0 && !S_ISDIR(status.st_mode))
      return refusal(std::errc::not_a_directory, "'" + at + "' is in the way: it is no directory");
  }
  return Error::success();
}

llvm::Expected<Plan> makePlan(llvm::ArrayRef<ir::Artifact> artifacts, const std::string &tree) {
  std::set<std::string> ours = readManifestOutputs(below(tree, "manifest.json"));
  Plan plan;
  for (const ir::Artifact &artifact : artifacts) {
    if (Error error = checkParents(tree, artifact.path)) return error;
    struct stat status;
    std::string at = below(tree, artifact.path);
    bool isThere = lstat(at.c_str(), &status) == 0, isOurs = ours.erase(artifact.path) != 0;
    if (isThere && isSame(artifact, at, status)) continue;
    if (isThere && (!isOurs || S_ISDIR(status.st_mode)))
      return refusal(std::errc::file_exists, "'" + at + "' is in the way: no manifest.json says that snapsecc made it");
    plan.changed.push_back(&artifact);
  }
  for (const std::string &file : ours) {
    struct stat status;
    if (lstat(below(tree, file).c_str(), &status) != 0 || S_ISDIR(status.st_mode)) continue;
    if (Error error = checkParents(tree, file)) return error;
    plan.stale.push_back(file);
  }
  return plan;
}

Error stageFiles(llvm::ArrayRef<const ir::Artifact *> artifacts, const std::string &directory,
                 const SignalBlock &signals) {
  for (const ir::Artifact *artifact : artifacts) {
    if (Error error = makeFile(*artifact, below(directory, artifact->path))) return error;
    if (signals.isPending()) return refusal(std::errc::interrupted, "interrupted");
  }
  return Error::success();
}

Error writeNewTree(llvm::ArrayRef<ir::Artifact> artifacts, const std::string &directory, const SignalBlock &signals) {
  auto stage = Stage::make(directory);
  if (!stage) return stage.takeError();
  std::vector<const ir::Artifact *> all;
  for (const ir::Artifact &artifact : artifacts)
    all.push_back(&artifact);
  std::string tree = below((*stage)->name(), "new");
  if (mkdir(tree.c_str(), 0777) != 0) return failure("cannot make '" + tree + "'");
  if (Error error = stageFiles(all, tree, signals)) return error;
  if (rename(tree.c_str(), directory.c_str()) != 0) return failure("cannot put '" + directory + "' in place");
  return syncDirectory(path::parent_path(directory).str());
}

Error replaceInTree(llvm::ArrayRef<ir::Artifact> artifacts, const std::string &directory, const SignalBlock &signals) {
  llvm::Expected<Plan> plan = makePlan(artifacts, directory);
  if (!plan) return plan.takeError();
  if (plan->changed.empty() && plan->stale.empty()) return Error::success();
  auto stage = Stage::make(directory);
  if (!stage) return stage.takeError();
  for (const char *part : {"new", "old"})
    if (mkdir(below((*stage)->name(), part).c_str(), 0777) != 0)
      return failure("cannot make '" + (*stage)->name() + "'");
  if (Error error = stageFiles(plan->changed, below((*stage)->name(), "new"), signals)) return error;
  Commit commit(directory, (*stage)->name());
  for (const ir::Artifact *artifact : plan->changed)
    if (Error error = commit.replace(artifact->path)) return error;
  for (const std::string &file : plan->stale)
    if (Error error = commit.remove(file)) return error;
  commit.finish();
  for (const std::string &file : plan->stale) // directories that are empty now
    for (StringRef parent = path::parent_path(file); !parent.empty(); parent = path::parent_path(parent))
      if (rmdir(below(directory, parent).c_str()) != 0) break;
  return syncDirectory(directory);
}

} // namespace

Error writeTree(llvm::ArrayRef<ir::Artifact> artifacts, const std::string &output) {
  std::string directory = StringRef(output).rtrim('/').str();
  if (directory.empty()) directory = output.empty() ? "." : "/";
  SignalBlock signals;
  struct stat status;
  if (lstat(directory.c_str(), &status) != 0) return writeNewTree(artifacts, directory, signals);
  if (stat(directory.c_str(), &status) != 0 || !S_ISDIR(status.st_mode))
    return refusal(std::errc::not_a_directory, "'" + directory + "' is no directory");
  return replaceInTree(artifacts, directory, signals);
}

Error writeFile(const std::string &file, StringRef bytes) {
  SignalBlock signals;
  struct stat status;
  if (stat(file.c_str(), &status) == 0 && !S_ISREG(status.st_mode)) { // /dev/stdout, a pipe: nothing to stage
    int fd = open(file.c_str(), O_WRONLY | O_CLOEXEC);
    if (fd < 0) return failure("cannot open '" + file + "'");
    Error error = writeAll(fd, bytes);
    close(fd);
    return error;
  }
  auto stage = Stage::make(file);
  if (!stage) return stage.takeError();
  std::string staged = below((*stage)->name(), "file");
  if (Error error = makeFile({file, bytes.str(), 0644, false}, staged)) return error;
  if (rename(staged.c_str(), file.c_str()) != 0) return failure("cannot put '" + file + "' in place");
  return syncDirectory(path::parent_path(file).str());
}

} // namespace snapsecc::driver
