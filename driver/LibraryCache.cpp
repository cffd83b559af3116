// SPDX-License-Identifier: Apache-2.0
#include "driver/LibraryCache.h"
#include "driver/Writer.h"
#include "frontend/LibraryModule.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/SHA256.h"
#include "llvm/Support/xxhash.h"
#include <elf.h>
#include <fcntl.h>
#include <link.h>
#include <sys/stat.h>
#include <unistd.h>

namespace snapsecc::driver {
namespace {

std::string below(llvm::StringRef directory, const llvm::Twine &file) {
  llvm::SmallString<256> path(directory);
  llvm::sys::path::append(path, file);
  return std::string(path);
}

std::string besideLibrary(llvm::StringRef directory) { return below(directory, "library.cache"); }

// One file a library in the user's cache; empty: there is none.
std::string inUsersCache(llvm::StringRef directory) {
  llvm::SmallString<256> cache, real;
  if (!llvm::sys::path::cache_directory(cache) || llvm::sys::fs::real_path(directory, real)) return "";
  return below(cache, "snapsecc/library-" + llvm::utohexstr(llvm::xxHash64(real), /*LowerCase=*/true));
}

// The linker's mark of this build of the program (elf(5), NT_GNU_BUILD_ID): a saved library is of no use to another,
// which may check it differently. Empty: it has none.
std::string buildId() {
  std::string id;
  dl_iterate_phdr(
      [](dl_phdr_info *program, size_t, void *result) {
        for (const ElfW(Phdr) & segment : llvm::makeArrayRef(program->dlpi_phdr, program->dlpi_phnum)) {
          if (segment.p_type != PT_NOTE) continue;
          llvm::StringRef notes(reinterpret_cast<const char *>(program->dlpi_addr + segment.p_vaddr), segment.p_memsz);
          while (notes.size() >= sizeof(ElfW(Nhdr))) {
            const auto *note = reinterpret_cast<const ElfW(Nhdr) *>(notes.data());
            notes = notes.drop_front(sizeof *note);
            llvm::StringRef name = notes.take_front(note->n_namesz);
            notes = notes.drop_front(std::min<size_t>(llvm::alignTo(note->n_namesz, segment.p_align), notes.size()));
            if (note->n_type == NT_GNU_BUILD_ID && name == llvm::StringRef("GNU", 4))
              *static_cast<std::string *>(result) = notes.take_front(note->n_descsz).str();
            notes = notes.drop_front(std::min<size_t>(llvm::alignTo(note->n_descsz, segment.p_align), notes.size()));
          }
        }
        return 1; // the first object is the program
      },
      &id);
  return id;
}

// Everything that decides what a checked library is like; empty where it cannot be told.
std::string keyOf(llvm::ArrayRef<FileId> sources, const SourceManager &manager) {
  std::string id = buildId();
  if (id.empty() || sources.empty()) return "";
  llvm::SHA256 hash;
  auto add = [&](llvm::StringRef text) {
    hash.update(std::to_string(text.size()) + ":");
    hash.update(text);
  };
  add(id);
  for (FileId source : sources) {
    add(manager.file(source).name());
    add(manager.file(source).text());
  }
  return hash.final().str();
}

// A regular file that nobody but root and this user could have written.
std::unique_ptr<llvm::MemoryBuffer> readTrusted(const std::string &path) {
  int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
  if (fd < 0) return nullptr;
  struct stat status;
  std::unique_ptr<llvm::MemoryBuffer> bytes;
  if (fstat(fd, &status) == 0 && S_ISREG(status.st_mode) && (status.st_uid == 0 || status.st_uid == geteuid()) &&
      (status.st_mode & (S_IWGRP | S_IWOTH)) == 0)
    if (auto buffer = llvm::MemoryBuffer::getOpenFile(fd, path, static_cast<uint64_t>(status.st_size),
                                                      /*RequiresNullTerminator=*/false))
      bytes = std::move(*buffer);
  close(fd);
  return bytes;
}

// The nearest directory that there is belongs to this user: not so where root runs in a user's environment.
bool isOwn(llvm::StringRef path) {
  struct stat status;
  do
    path = llvm::sys::path::parent_path(path);
  while (!path.empty() && stat(path.str().c_str(), &status) != 0);
  return !path.empty() && status.st_uid == geteuid();
}

} // namespace

std::unique_ptr<Library> loadLibrary(const std::string &directory, const Arguments &arguments, Session &session) {
  size_t before = session.engine.diagnostics().size();
  std::vector<FileId> sources = readSources(directory, arguments.all("--overlay"), session.engine);
  std::string key;
  if (arguments.isOn("--cache", true) && !arguments.has("--overlay")) key = keyOf(sources, session.sources);
  if (key.empty()) return checkSources(sources, session.engine);
  std::string own = inUsersCache(directory);
  for (const std::string &place : {besideLibrary(directory), own})
    if (auto bytes = place.empty() ? nullptr : readTrusted(place))
      if (auto library = readModule(bytes->getBuffer(), key, sources)) return library;
  std::unique_ptr<Library> library = checkSources(sources, session.engine);
  // What a check says must be said again. That a cache cannot be written is no fault: the next run is slower.
  if (session.engine.diagnostics().size() == before && !own.empty() && isOwn(own))
    llvm::consumeError(writeFile(own, writeModule(*library, key, sources)));
  return library;
}

llvm::Error saveLibrary(const std::string &directory) {
  SourceManager sources;
  Engine engine(sources);
  std::vector<FileId> files = readSources(directory, {}, engine);
  std::string key = keyOf(files, sources);
  if (key.empty()) return llvm::createStringError(std::errc::not_supported, "this program has no build id");
  std::unique_ptr<Library> library = checkSources(files, engine);
  if (!engine.diagnostics().empty())
    return llvm::createStringError(std::errc::invalid_argument, "a library with warnings is not saved");
  return writeFile(besideLibrary(directory), writeModule(*library, key, files));
}

} // namespace snapsecc::driver
