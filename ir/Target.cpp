// SPDX-License-Identifier: Apache-2.0
// Target descriptions (stdlib/targets/*.target) and AppArmor feature sets -> Target.
// A features file is what apparmor_parser reads with --features-file and writes from
// /sys/kernel/security/apparmor/features: `name {` opens a directory, words before a `}` are a file's content.
// Architectures: Debian's names, uname -m, GNU triplets.
#include "ir/Target.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include <functional>

namespace snapsecc::ir {
using llvm::StringRef;

namespace {
constexpr uint64_t maxFileBytes = 1 << 20;
constexpr unsigned maxDepth = 8;

struct ArchNames {
  const char *debian, *kernel, *triplet, *other; // other: a second name that people use
};
constexpr ArchNames archs[] = {
    {"amd64", "x86_64", "x86_64-linux-gnu", "x86-64"}, {"i386", "x86", "i386-linux-gnu", "i686"},
    {"arm64", "aarch64", "aarch64-linux-gnu", ""},     {"armhf", "arm", "arm-linux-gnueabihf", "armv7l"},
    {"riscv64", "riscv64", "riscv64-linux-gnu", ""},   {"ppc64el", "ppc64le", "powerpc64le-linux-gnu", ""},
    {"s390x", "s390x", "s390x-linux-gnu", ""},
};

const ArchNames *findArch(StringRef name) {
  for (const ArchNames &arch : archs)
    if (name == arch.debian || name == arch.kernel || (!name.empty() && name == arch.other)) return &arch;
  return nullptr;
}

llvm::Error failure(const llvm::Twine &text) {
  return llvm::createStringError(std::make_error_code(std::errc::invalid_argument), text);
}

llvm::Expected<std::string> readSmallFile(StringRef path) {
  llvm::sys::fs::file_status status;
  if (std::error_code code = llvm::sys::fs::status(path, status)) return failure(path + ": " + code.message());
  if (status.type() == llvm::sys::fs::file_type::regular_file && status.getSize() > maxFileBytes)
    return failure(path + ": larger than 1 MiB");
  // Files of securityfs claim to be empty: they are read as streams.
  auto buffer = llvm::MemoryBuffer::getFileAsStream(path);
  if (!buffer) return failure(path + ": " + buffer.getError().message());
  return (*buffer)->getBuffer().str();
}

// The grammar: list = { word [ "{" list "}" ] }.
class FeaturesReader {
public:
  FeaturesReader(StringRef text, std::set<std::string> &paths) : rest(text), found(paths) {}
  std::string read() {
    std::string error = readList("", 0);
    return error.empty() && !rest.empty() ? "'}' without '{'" : error;
  }

private:
  std::string readList(const std::string &prefix, unsigned depth) {
    if (depth > maxDepth) return "nested too deeply";
    for (;;) {
      rest = rest.ltrim();
      if (rest.empty() || rest.front() == '}') return "";
      StringRef word =
          rest.take_until([](char c) { return isspace(static_cast<unsigned char>(c)) || c == '{' || c == '}'; });
      if (word.empty()) return "'{' without a name";
      std::string path = prefix.empty() ? word.str() : prefix + "/" + word.str();
      found.insert(path);
      rest = rest.drop_front(word.size()).ltrim();
      if (!rest.consume_front("{")) continue;
      if (std::string error = readList(path, depth + 1); !error.empty()) return error;
      if (!rest.consume_front("}")) return "'}' is missing at the end";
    }
  }
  StringRef rest;
  std::set<std::string> &found;
};

llvm::Error readFeaturesDirectory(StringRef directory, const std::string &prefix, unsigned depth,
                                  std::set<std::string> &found) {
  if (depth > maxDepth) return failure(directory + ": nested too deeply");
  std::error_code code;
  for (llvm::sys::fs::directory_iterator entry(directory, code, false), end; entry != end && !code;
       entry.increment(code)) {
    StringRef name = llvm::sys::path::filename(entry->path());
    std::string path = prefix.empty() ? name.str() : prefix + "/" + name.str();
    found.insert(path);
    if (llvm::sys::fs::is_directory(entry->path())) {
      if (llvm::Error error = readFeaturesDirectory(entry->path(), path, depth + 1, found)) return error;
      continue;
    }
    auto text = readSmallFile(entry->path());
    if (!text) return text.takeError();
    llvm::SmallVector<StringRef, 16> words;
    llvm::SplitString(*text, words);
    for (StringRef word : words)
      found.insert(path + "/" + word.str());
  }
  return code ? failure(directory + ": " + code.message()) : llvm::Error::success();
}

std::string resolve(StringRef directory, StringRef file) {
  if (directory.empty() || llvm::sys::path::is_absolute(file)) return file.str();
  llvm::SmallString<128> path(directory);
  llvm::sys::path::append(path, file);
  return path.str().str();
}

std::string builtinPath(StringRef name, StringRef targetsDir) { return resolve(targetsDir, (name + ".target").str()); }

llvm::Error setKernel(Target &target, StringRef value) {
  // 6.1, 6.12.30-amd64: what follows the second number says nothing about features
  auto [major, rest] = value.split('.');
  StringRef minor = rest.take_while(llvm::isDigit);
  if (major.getAsInteger(10, target.kernelMajor) || minor.getAsInteger(10, target.kernelMinor))
    return failure("'" + value + "' is not a kernel version");
  return llvm::Error::success();
}

llvm::Error setFlag(bool &flag, StringRef value) {
  if (value != "yes" && value != "no") return failure("'" + value + "' is neither 'yes' nor 'no'");
  flag = value == "yes";
  return llvm::Error::success();
}

llvm::Error setWord(std::string &fact, StringRef value, llvm::ArrayRef<StringRef> words) {
  if (!llvm::is_contained(words, value)) return failure("'" + value + "' is none of " + llvm::join(words, ", "));
  fact = value.str();
  return llvm::Error::success();
}

llvm::Error setArch(Target &target, StringRef value) {
  std::string name = debianArch(value);
  if (name.empty()) return failure("'" + value + "' is not an architecture that is known");
  target.arch = name;
  return llvm::Error::success();
}

llvm::Error setFeatures(Target &target, StringRef path) {
  auto features = loadAppArmorFeatures(path);
  if (!features) return features.takeError();
  target.features = std::move(*features);
  return llvm::Error::success();
}

llvm::Error setParser(Target &target, StringRef value) {
  const std::vector<StringRef> known = {"userns", "mqueue", "io_uring", "all", "prompt", "unconfined"};
  llvm::SmallVector<StringRef, 8> words;
  llvm::SplitString(value, words);
  target.parserFeatures.clear();
  for (StringRef word : words) {
    if (!llvm::is_contained(known, word)) return failure("'" + word + "' is none of " + llvm::join(known, ", "));
    target.parserFeatures.insert(word.str());
  }
  return llvm::Error::success();
}
} // namespace

std::string debianArch(StringRef name) {
  const ArchNames *arch = findArch(name);
  return arch ? arch->debian : "";
}
std::string kernelArch(StringRef debianName) {
  const ArchNames *arch = findArch(debianName);
  return arch ? arch->kernel : "";
}
std::string gnuTriplet(StringRef debianName) {
  const ArchNames *arch = findArch(debianName);
  return arch ? arch->triplet : "";
}

llvm::Expected<std::set<std::string>> loadAppArmorFeatures(StringRef path) {
  std::set<std::string> found;
  if (llvm::sys::fs::is_directory(path)) {
    if (llvm::Error error = readFeaturesDirectory(path, "", 0, found)) return error;
    return found;
  }
  auto text = readSmallFile(path);
  if (!text) return text.takeError();
  std::string error = FeaturesReader(*text, found).read();
  if (!error.empty()) return failure(path + ": not an AppArmor features file: " + error);
  return found;
}

llvm::Error setTargetFact(Target &target, StringRef key, StringRef value, StringRef directory) {
  if (key == "features") return setFeatures(target, resolve(directory, value));
  if (key == "parser") return setParser(target, value);
  if (key == "kernel") return setKernel(target, value);
  if (key == "system") return setWord(target.system, value, {"classic", "core", "core-desktop"});
  if (key == "arch") return setArch(target, value);
  if (key == "sysroot") return target.sysroot = resolve(directory, value), llvm::Error::success();
  if (key == "libexec") return target.libexec = value.str(), llvm::Error::success();
  if (key == "prompting") return setFlag(target.prompting, value);
  if (key == "nfs-home") return setFlag(target.nfsHome, value);
  if (key == "overlay-root") return setFlag(target.overlayRoot, value);
  if (key == "preseeding") return setFlag(target.preseeding, value);
  if (key != "systemd") return failure("'" + key + "' is not a fact of a target");
  if (value.getAsInteger(10, target.systemdVersion)) return failure("'" + value + "' is not a version of systemd");
  return llvm::Error::success();
}

llvm::Expected<Target> loadTarget(StringRef nameOrFile, StringRef targetsDir) {
  bool isFile = nameOrFile.contains('/') || nameOrFile.endswith(".target");
  std::string path = isFile ? nameOrFile.str() : builtinPath(nameOrFile, targetsDir);
  if (!isFile && !llvm::sys::fs::exists(path))
    return failure("there is no target '" + nameOrFile + "'; built in are " +
                   llvm::join(builtinTargets(targetsDir), ", "));
  auto text = readSmallFile(path);
  if (!text) return text.takeError();
  Target target;
  target.name = llvm::sys::path::stem(path).str();
  llvm::SmallVector<StringRef, 32> lines;
  StringRef(*text).split(lines, '\n');
  for (size_t i = 0; i < lines.size(); ++i) {
    StringRef line = lines[i].split('#').first.trim();
    if (line.empty()) continue;
    StringRef key = line.take_until([](char c) { return c == ' ' || c == '\t'; });
    StringRef value = line.drop_front(key.size()).trim();
    if (llvm::Error error = setTargetFact(target, key, value, llvm::sys::path::parent_path(path)))
      return failure(path + ":" + llvm::Twine(i + 1) + ": " + llvm::toString(std::move(error)));
  }
  return target;
}

std::vector<std::string> builtinTargets(StringRef targetsDir) {
  std::vector<std::string> names;
  std::error_code code;
  for (llvm::sys::fs::directory_iterator entry(targetsDir, code), end; entry != end && !code; entry.increment(code))
    if (llvm::sys::path::extension(entry->path()) == ".target")
      names.push_back(llvm::sys::path::stem(entry->path()).str());
  llvm::sort(names);
  return names;
}

} // namespace snapsecc::ir
