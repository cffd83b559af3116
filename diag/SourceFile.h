// SPDX-License-Identifier: Apache-2.0
// Text that diagnostics point into. A SourceManager owns every file read in a run; all else refers to it by FileId, so
// that ranges are plain data. Offsets are bytes from the start of the file; lines and columns count from 1, columns in
// bytes.
#pragma once
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <vector>

namespace snapsecc {

using FileId = uint32_t; // 0: no file
struct SourceRange {
  FileId file = 0;
  uint32_t begin = 0, end = 0; // half open
  bool isValid() const { return file != 0; }
  bool operator==(const SourceRange &) const = default;
};
// The first byte that is not valid UTF-8.
std::optional<uint32_t> invalidUtf8(llvm::StringRef text);

struct LineColumn {
  uint32_t line = 1, column = 1;
};

class SourceFile {
public:
  SourceFile(std::string name, std::string text);
  const std::string &name() const { return fileName; }
  llvm::StringRef text() const { return content; }
  LineColumn lineColumn(uint32_t offset) const;
  // The text of a line without its end; empty past the last one.
  llvm::StringRef line(uint32_t number) const;
  uint32_t lineStart(uint32_t number) const;

private:
  std::string fileName, content;
  std::vector<uint32_t> lineStarts;
};

class SourceManager {
public:
  // `name` is what messages show; the text is taken as it is.
  FileId add(std::string name, std::string text);
  // Reads a regular file of at most `maxBytes`; `shownName`: what messages call it, the path itself where empty.
  llvm::Expected<FileId> read(const std::string &path, uint64_t maxBytes = 16u << 20, std::string shownName = "");
  const SourceFile &file(FileId id) const { return files[id - 1]; }
  size_t size() const { return files.size(); }
  // "name:line:column"
  std::string describe(SourceRange range) const;

private:
  std::deque<SourceFile> files;
};

} // namespace snapsecc
