// SPDX-License-Identifier: Apache-2.0
// A line is a key and its fields. Each key is a row of a table: how many fields, and where they go. What is not in the
// table, or not where it belongs, is a failure: a newer compiler may mean something by it that would not be enforced.
#include "runtime/RuntimeFile.h"
#include "runtime/Files.h"
#include <algorithm>

namespace snapsecc::runtime {
namespace {

struct Reading {
  SnapInfo snap;
  std::string wrong;
  LabelInfo *label() { return snap.labels.empty() ? nullptr : &snap.labels.back(); }
};
using Fields = std::vector<std::string>;

struct Key {
  const char *name;
  enum Place { Snap, Label, Anywhere } place;
  size_t fields;
  void (*set)(Reading &, Fields &);
};

void setMode(Reading &r, Fields &f) {
  Mode &mode = r.label() ? r.label()->mode : r.snap.mode;
  if (f[0] == "enforce")
    mode = Mode::Enforce;
  else if (f[0] == "complain")
    mode = Mode::Complain;
  else if (f[0] == "unconfined")
    mode = Mode::Unconfined;
  else
    r.wrong = "no mode: '" + f[0] + "'";
}

void setEnvironment(Reading &r, Fields &f) {
  if (f[0].empty() || f[0].find('=') != std::string::npos) r.wrong = "no name of a variable: '" + f[0] + "'";
  (r.label() ? r.label()->environment : r.snap.environment).emplace_back(f[0], f[1]);
}

void setFile(Reading &r, Fields &f) {
  if (!isCleanRelative(f[1]) || !r.label()->files.emplace(f[0], f[1]).second)
    r.wrong = "no file of its own: '" + f[1] + "'";
}

// Names become parts of paths.
void setName(Reading &r, std::string &into, std::string &value) {
  if (!isCleanRelative(value) || value.find('/') != std::string::npos) r.wrong = "no name: '" + value + "'";
  into = value;
}

const Key keys[] = {
    {"name", Key::Snap, 1, [](Reading &r, Fields &f) { setName(r, r.snap.name, f[0]); }},
    {"instance", Key::Snap, 1, [](Reading &r, Fields &f) { setName(r, r.snap.instance, f[0]); }},
    {"revision", Key::Snap, 1, [](Reading &r, Fields &f) { setName(r, r.snap.revision, f[0]); }},
    {"version", Key::Snap, 1, [](Reading &r, Fields &f) { r.snap.version = f[0]; }},
    {"base", Key::Snap, 1, [](Reading &r, Fields &f) { setName(r, r.snap.base, f[0]); }},
    {"type", Key::Snap, 1, [](Reading &r, Fields &f) { r.snap.type = f[0]; }},
    {"user", Key::Snap, 2, [](Reading &r, Fields &f) { r.snap.users.emplace_back(f[0], f[1]); }},
    {"layout", Key::Snap, 4, [](Reading &, Fields &) {}}, // its mounts are in the fstab
    {"mode", Key::Anywhere, 1, setMode},
    {"environment", Key::Anywhere, 2, setEnvironment},
    {"app", Key::Label, 1, [](Reading &r, Fields &f) { setName(r, r.label()->app, f[0]); }},
    {"hook", Key::Label, 1,
     [](Reading &r, Fields &f) {
       setName(r, r.label()->app, f[0]);
       r.label()->isHook = true;
     }},
    {"daemon", Key::Label, 1, [](Reading &r, Fields &f) { r.label()->daemon = f[0]; }},
    {"command", Key::Label, 1, [](Reading &r, Fields &f) { r.label()->command = f[0]; }},
    {"stop-command", Key::Label, 1, [](Reading &r, Fields &f) { r.label()->stopCommand = f[0]; }},
    {"reload-command", Key::Label, 1, [](Reading &r, Fields &f) { r.label()->reloadCommand = f[0]; }},
    {"post-stop-command", Key::Label, 1, [](Reading &r, Fields &f) { r.label()->postStopCommand = f[0]; }},
    {"command-chain", Key::Label, 1, [](Reading &r, Fields &f) { r.label()->commandChain.push_back(f[0]); }},
    {"file", Key::Label, 2, setFile},
};

// %XX is a byte, % alone the empty field. No byte may be NUL: fields become C strings.
bool decode(const std::string &field, std::string &into) {
  if (field == "%") return true;
  auto digit = [](char c) -> int { return c >= '0' && c <= '9' ? c - '0' : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1; };
  for (size_t i = 0; i < field.size(); ++i) {
    if (field[i] != '%') {
      into += field[i];
      continue;
    }
    if (i + 2 >= field.size()) return false;
    int high = digit(field[i + 1]), low = digit(field[i + 2]);
    if (high < 0 || low < 0 || high + low == 0) return false;
    into += static_cast<char>(high << 4 | low);
    i += 2;
  }
  return into.find('\0') == std::string::npos;
}

void readLine(Reading &reading, const std::string &line) {
  std::optional<std::vector<std::string>> words = decodeLine(line);
  if (!words || words->empty()) {
    reading.wrong = "no field in '" + line + "'";
    return;
  }
  const std::string &word = words->front();
  Fields fields(words->begin() + 1, words->end());
  if (word == "label") {
    if (fields.size() != 1 || !instanceOf(fields[0])) {
      reading.wrong = "no label";
      return;
    }
    reading.snap.labels.emplace_back().name = fields[0];
    return;
  }
  auto key = std::find_if(std::begin(keys), std::end(keys), [&](const Key &one) { return word == one.name; });
  if (key == std::end(keys))
    reading.wrong = "unknown word '" + word + "'";
  else if (fields.size() != key->fields)
    reading.wrong = "'" + word + "' has " + std::to_string(key->fields) + " fields";
  else if ((key->place == Key::Snap && reading.label()) || (key->place == Key::Label && !reading.label()))
    reading.wrong = "'" + word + "' does not stand here";
  else
    key->set(reading, fields);
}

} // namespace

std::optional<std::vector<std::string>> decodeLine(std::string_view line) {
  std::vector<std::string> words;
  for (const std::string &word : split(line, ' '))
    if (!decode(word, words.emplace_back())) return std::nullopt;
  return words;
}

Result<std::string> instanceOf(const std::string &label) {
  std::vector<std::string> parts = split(label, '.');
  bool isHook = parts.size() == 4 && parts[2] == "hook", isApp = parts.size() == 3;
  bool clean = label.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_+.") ==
                   std::string::npos &&
               label.find("..") == std::string::npos && label.size() < 200;
  if (!clean || !(isApp || isHook) || parts[0] != "snap")
    return Failure{"'" + label + "' is no label: snap.NAME.APP or snap.NAME.hook.HOOK"};
  return parts[1];
}

Result<SnapInfo> readRuntimeFile(std::string_view bytes) {
  Reading reading;
  size_t number = 0;
  for (size_t begin = 0; begin < bytes.size();) {
    size_t end = std::min(bytes.find('\n', begin), bytes.size());
    ++number;
    std::string line(bytes.substr(begin, end - begin));
    if (number == 1 && line != "# snapsec runtime, format 1") reading.wrong = "the format is not 1";
    if (!line.empty() && line[0] != '#') readLine(reading, line);
    if (!reading.wrong.empty()) return Failure{"runtime file, line " + std::to_string(number) + ": " + reading.wrong};
    begin = end + 1;
  }
  for (const auto *needed : {&reading.snap.name, &reading.snap.instance, &reading.snap.revision, &reading.snap.base})
    if (needed->empty()) return Failure{"runtime file: name, instance, revision or base is missing"};
  return std::move(reading.snap);
}

} // namespace snapsecc::runtime
