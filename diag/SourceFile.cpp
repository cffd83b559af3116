// SPDX-License-Identifier: Apache-2.0
#include "diag/SourceFile.h"
#include "llvm/Support/ConvertUTF.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include <algorithm>

namespace snapsecc {

std::optional<uint32_t> invalidUtf8(llvm::StringRef text) {
  auto *at = reinterpret_cast<const llvm::UTF8 *>(text.begin());
  if (llvm::isLegalUTF8String(&at, reinterpret_cast<const llvm::UTF8 *>(text.end()))) return std::nullopt;
  return static_cast<uint32_t>(reinterpret_cast<const char *>(at) - text.begin());
}

SourceFile::SourceFile(std::string name, std::string text) : fileName(std::move(name)), content(std::move(text)) {
  lineStarts.push_back(0);
  for (size_t i = 0; i < content.size(); ++i)
    if (content[i] == '\n') lineStarts.push_back(static_cast<uint32_t>(i + 1));
}

LineColumn SourceFile::lineColumn(uint32_t offset) const {
  auto after = std::upper_bound(lineStarts.begin(), lineStarts.end(), offset);
  uint32_t line = static_cast<uint32_t>(after - lineStarts.begin());
  return {line, offset - lineStarts[line - 1] + 1};
}

uint32_t SourceFile::lineStart(uint32_t number) const {
  return number <= lineStarts.size() ? lineStarts[number - 1] : static_cast<uint32_t>(content.size());
}

llvm::StringRef SourceFile::line(uint32_t number) const {
  if (number == 0 || number > lineStarts.size()) return {};
  return text().substr(lineStarts[number - 1]).take_until([](char c) { return c == '\n' || c == '\r'; });
}

FileId SourceManager::add(std::string name, std::string text) {
  files.emplace_back(std::move(name), std::move(text));
  return static_cast<FileId>(files.size());
}

llvm::Expected<FileId> SourceManager::read(const std::string &path, uint64_t maxBytes, std::string shownName) {
  llvm::sys::fs::file_status status;
  if (auto failure = llvm::sys::fs::status(path, status)) return llvm::createStringError(failure, failure.message());
  if (status.type() != llvm::sys::fs::file_type::regular_file)
    return llvm::createStringError(std::errc::invalid_argument, "not a regular file");
  if (status.getSize() > maxBytes)
    return llvm::createStringError(std::errc::file_too_large, "larger than %llu bytes",
                                   static_cast<unsigned long long>(maxBytes));
  auto buffer = llvm::MemoryBuffer::getFile(path, /*IsText=*/false, /*RequiresNullTerminator=*/false);
  if (!buffer) return llvm::createStringError(buffer.getError(), buffer.getError().message());
  return add(shownName.empty() ? path : std::move(shownName), (*buffer)->getBuffer().str());
}

std::string SourceManager::describe(SourceRange range) const {
  if (!range.isValid()) return "";
  LineColumn at = file(range.file).lineColumn(range.begin);
  return file(range.file).name() + ":" + std::to_string(at.line) + ":" + std::to_string(at.column);
}

} // namespace snapsecc
