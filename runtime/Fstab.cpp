// SPDX-License-Identifier: Apache-2.0
#include "runtime/Fstab.h"
#include "runtime/Files.h"

namespace snapsecc::runtime {
namespace {

// \040: a byte by three octal digits.
bool decode(const std::string &field, std::string &into) {
  for (size_t i = 0; i < field.size(); ++i) {
    if (field[i] != '\\') {
      into += field[i];
      continue;
    }
    unsigned value = 0;
    if (i + 3 >= field.size()) return false;
    for (unsigned k = 1; k <= 3; ++k) {
      if (field[i + k] < '0' || field[i + k] > '7') return false;
      value = value << 3 | static_cast<unsigned>(field[i + k] - '0');
    }
    if (value == 0 || value > 255) return false;
    into += static_cast<char>(value);
    i += 3;
  }
  return into.find('\0') == std::string::npos;
}

// Absolute, no part "", "." or "..": a mount point is where it says it is. $HOME may lead in a user's table.
bool isCleanPath(std::string_view path) {
  if (path.substr(0, 6) == "$HOME/" || path.substr(0, 17) == "$XDG_RUNTIME_DIR/") return isCleanRelative(path);
  return path.size() > 1 && path[0] == '/' && isCleanRelative(path.substr(1));
}

bool setOption(MountEntry &entry, const std::string &option) {
  auto value = [&](std::string_view name) -> std::optional<std::string> {
    if (std::string_view(option).substr(0, name.size()) != name) return std::nullopt;
    return option.substr(name.size());
  };
  if (option == "bind" || option == "rw" || option == "x-snapd.origin=layout") return true;
  if (option == "rbind") return entry.recursive = true;
  if (option == "ro") return entry.readOnly = true;
  if (option == "x-snapd.ignore-missing") return entry.ignoreMissing = true;
  if (auto kind = value("x-snapd.kind=")) {
    using Kind = MountEntry::Kind;
    entry.kind = *kind == "file" ? Kind::File : *kind == "symlink" ? Kind::Link : Kind::EnsureDirectory;
    return *kind == "file" || *kind == "symlink" || *kind == "ensure-dir";
  }
  if (auto text = value("x-snapd.symlink=")) return entry.source = *text, true;
  if (auto path = value("x-snapd.must-exist-dir=")) return entry.source = *path, isCleanPath(*path + "/x");
  if (auto user = value("x-snapd.user=")) return entry.user = *user, !user->empty();
  if (auto group = value("x-snapd.group=")) return entry.group = *group, !group->empty();
  if (auto mode = value("x-snapd.mode=")) {
    if (mode->empty() || mode->size() > 5 || mode->find_first_not_of("01234567") != std::string::npos) return false;
    return entry.mode = static_cast<mode_t>(std::stoul(*mode, nullptr, 8)) & 07777, true;
  }
  return false;
}

std::string readEntry(const std::string &line, MountEntry &entry) {
  std::vector<std::string> fields;
  for (const std::string &field : split(line, ' '))
    if (!decode(field, fields.emplace_back())) return "no field: '" + field + "'";
  if (fields.size() != 6 || fields[4] != "0" || fields[5] != "0") return "not six fields that end in 0 0";
  entry.source = fields[0];
  entry.target = fields[1];
  if (fields[2] == "tmpfs")
    entry.kind = MountEntry::Kind::Tmpfs;
  else if (fields[2] != "none")
    return "no type of file system that is mounted here: '" + fields[2] + "'";
  for (const std::string &option : split(fields[3], ','))
    if (!setOption(entry, option)) return "unknown option '" + option + "'";
  using Kind = MountEntry::Kind;
  bool hasSource = entry.kind == Kind::Bind || entry.kind == Kind::File;
  if (!isCleanPath(entry.target)) return "no mount point: '" + entry.target + "'";
  if (hasSource && !isCleanPath(entry.source)) return "nothing to mount: '" + entry.source + "'";
  if (entry.kind == Kind::Link && entry.source.empty()) return "a link without a text";
  return "";
}

} // namespace

Result<std::vector<MountEntry>> readFstab(std::string_view bytes) {
  std::vector<MountEntry> entries;
  size_t number = 0;
  for (const std::string &line : split(bytes, '\n')) {
    ++number;
    if (line[0] == '#') continue;
    if (std::string wrong = readEntry(line, entries.emplace_back()); !wrong.empty())
      return Failure{"mount table, line " + std::to_string(number) + ": " + wrong};
  }
  return entries;
}

} // namespace snapsecc::runtime
