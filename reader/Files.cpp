// SPDX-License-Identifier: Apache-2.0
// What stands around profiles: includes, variables and conditionals. Facts: parser_yacc.y (preamble, varassign, expr),
// parser_include.c.
#include "automata/Pattern.h"
#include "reader/ProfileReader.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

namespace snapsecc::reader {
namespace {

constexpr unsigned maxIncludeDepth = 32, maxConditionDepth = 32;
constexpr size_t maxBytes = 64u << 20, maxErrors = 20;

// Names of the variables in a text, in order.
template <class Visit> void forEachVariable(llvm::StringRef text, Visit visit) {
  for (size_t at = text.find("@{"); at != llvm::StringRef::npos; at = text.find("@{", at + 2)) {
    size_t end = text.find('}', at);
    if (end == llvm::StringRef::npos) return;
    visit(text.slice(at + 2, end), at, end + 1);
  }
}

// The pattern that matches a profile's name alone, whatever escapes the name was written with. Commas stay as they are,
// so that within {..} they part alternatives, as in the parser.
std::string literalName(llvm::StringRef name) {
  std::string out;
  for (size_t i = 0; i < name.size(); ++i) {
    if (name[i] == '\\' && i + 1 < name.size()) ++i;
    out += name[i] == ',' ? "," : automata::escapeLiteral(name.substr(i, 1));
  }
  return out;
}

} // namespace

void ProfileReader::readFile(FileId which) {
  Scanner own(which, engine.sources().file(which).text());
  Scanner *outer = std::exchange(scanner, &own);
  FileId outerFile = std::exchange(file, which);
  bytes += engine.sources().file(which).text().size();
  topLevel();
  scanner = outer;
  file = outerFile;
}

void ProfileReader::topLevel() {
  while (scanner->peek() != '\0') {
    if (engine.errorCount() > maxErrors) return;
    bool sound;
    if (scanner->peekSymbol("#include") || scanner->peekWord() == "include")
      sound = include(nullptr);
    else if (scanner->takeWord("abi"))
      sound = (scanner->takeName(Scanner::Style::Free) || expected("a file")) && endOfRule();
    else if (scanner->peekWord() == "alias" || scanner->peekWord() == "rewrite")
      sound = unsupported(scanner->here(), "alias", "rules under another path are not made up");
    else if (readVariable())
      sound = true; // a mistake in it is behind us
    else
      sound = profile(nullptr, false);
    if (sound) continue;
    skipStatement();
    scanner->takeSymbol("}");
  }
}

bool ProfileReader::readVariable() {
  bool boolean = scanner->peekSymbol("$");
  if (!boolean && !scanner->peekSymbol("@")) return false;
  Scanner saved = *scanner;
  scanner->takeSymbol(boolean ? "$" : "@");
  bool braces = scanner->takeSymbol("{");
  llvm::StringRef name = scanner->peekWord();
  if (name.empty() || !scanner->takeWord(name) || (braces && !scanner->takeSymbol("}"))) {
    *scanner = saved;
    return false;
  }
  std::string operation;
  for (const char *sign : {"+=", "?=", ":=", "="})
    if (operation.empty() && scanner->takeSymbol(sign)) operation = sign;
  if (operation.empty()) {
    *scanner = saved; // a profile whose name is a variable
    return false;
  }
  SourceRange range = scanner->from(saved.offset());
  std::vector<std::string> values;
  while (std::optional<Name> value = scanner->takeValue())
    values.push_back(std::move(value->text));
  if (values.empty()) return expected("a value"), true;
  if (boolean) {
    llvm::StringRef value = values.front();
    if (values.size() != 1 || (!value.equals_insensitive("true") && !value.equals_insensitive("false")))
      engine.report<diag::ProfileVariable>(range, name, "is true or false");
    booleans[name] = value.equals_insensitive("true");
    return true;
  }
  bool known = variables.count(name) != 0 || automata::standardVariables().count(name) != 0;
  if (operation == "+=" && !known) engine.report<diag::ProfileVariable>(range, name, "is added to, but was not set");
  if (operation == "=" && variables.count(name) != 0 && options.includeDirectory.empty())
    engine.report<diag::ProfileVariable>(range, name, "is set twice");
  if (operation == "?=" && known) return true;
  std::vector<std::string> &all = variables[name];
  if (operation != "+=")
    all.clear();
  else if (all.empty())
    all = automata::standardVariables().lookup(name);
  all.insert(all.end(), values.begin(), values.end());
  return true;
}

bool ProfileReader::include(Rules *into) {
  uint32_t begin = scanner->here().begin;
  if (!scanner->takeSymbol("#include")) scanner->takeWord("include");
  bool optional = scanner->takeWord("if");
  if (optional && !scanner->takeWord("exists")) return expected("'exists'");
  bool angle = scanner->takeSymbol("<");
  std::optional<Name> name = scanner->takeName(Scanner::Style::Free);
  if (!name) return expected("a file");
  if (angle && llvm::StringRef(name->text).endswith(">")) {
    name->text.pop_back();
  } else if (angle && !scanner->takeSymbol(">")) {
    return expected("'>'");
  }
  scanner->takeSymbol(","); // 4.0 takes one behind an include too
  name->range = scanner->from(begin);
  llvm::StringRef text = name->text, word = text;
  if (angle && options.includeDirectory.empty()) {
    if (text.startswith("tunables/")) return true;
    if (into && word.consume_front("abstractions/") && !word.contains('/')) {
      Prefix own;
      own.begin = begin;
      return add(*into, own, ir::RuleKind::Abstraction, {{"WORD", {ir::Value::string(word)}}});
    }
  }
  if (options.includeDirectory.empty()) {
    if (!optional) engine.report<diag::IncludeLeftOut>(name->range, text);
    return true;
  }
  llvm::SmallString<128> path(text);
  if (!llvm::sys::path::is_absolute(text)) {
    path = options.includeDirectory;
    llvm::sys::path::append(path, text);
  }
  readIncluded(path.str().str(), *name, optional, into);
  return true;
}

void ProfileReader::readIncluded(const std::string &path, const Name &name, bool optional, Rules *into) {
  if (depth == maxIncludeDepth) {
    engine.report<diag::ProfileTooDeep>(name.range, "includes", maxIncludeDepth);
    return;
  }
  if (llvm::sys::fs::is_directory(path)) {
    // All files of a directory, as the parser does; sorted, as the order of reading must not be the disk's.
    std::vector<std::string> files;
    std::error_code error;
    for (llvm::sys::fs::directory_iterator entry(path, error), end; entry != end && !error; entry.increment(error))
      if (llvm::StringRef file = llvm::sys::path::filename(entry->path()); !file.startswith(".") && !file.endswith("~"))
        files.push_back(entry->path());
    llvm::sort(files);
    ++depth;
    for (const std::string &one : files)
      readIncluded(one, {name.text + "/" + llvm::sys::path::filename(one).str(), name.range}, false, into);
    --depth;
    return;
  }
  if (optional && !llvm::sys::fs::exists(path)) return;
  llvm::Expected<FileId> read = engine.sources().read(path, maxBytes, name.text);
  if (!read) {
    engine.report<diag::IncludeNotFound>(name.range, name.text, llvm::toString(read.takeError()));
    return;
  }
  if (bytes + engine.sources().file(*read).text().size() > maxBytes) {
    engine.report<diag::FileTooLarge>(name.range, maxBytes >> 20);
    return;
  }
  ++depth;
  if (!into) {
    readFile(*read);
  } else {
    Scanner own(*read, engine.sources().file(*read).text());
    Scanner *outer = std::exchange(scanner, &own);
    FileId outerFile = std::exchange(file, *read);
    bytes += engine.sources().file(*read).text().size();
    rules(*into, {}, false);
    scanner = outer;
    file = outerFile;
  }
  --depth;
}

std::optional<bool> ProfileReader::factor(unsigned level) {
  if (level > maxConditionDepth) {
    engine.report<diag::ProfileTooDeep>(scanner->here(), "conditions", maxConditionDepth);
    return std::nullopt;
  }
  if (scanner->takeWord("not")) {
    std::optional<bool> inner = factor(level + 1);
    return inner ? std::optional(!*inner) : std::nullopt;
  }
  if (scanner->takeSymbol("(")) {
    std::optional<bool> inner = condition(level + 1);
    if (!inner || scanner->takeSymbol(")")) return inner;
    expected("')'");
    return std::nullopt;
  }
  bool defined = scanner->takeWord("defined");
  bool boolean = scanner->takeSymbol("$");
  if (!boolean && !(defined && scanner->takeSymbol("@"))) {
    expected(defined ? "a variable" : "a condition: 'defined', 'not' or a variable of true and false");
    return std::nullopt;
  }
  bool braces = scanner->takeSymbol("{");
  llvm::StringRef name = scanner->peekWord();
  if (name.empty() || !scanner->takeWord(name) || (braces && !scanner->takeSymbol("}"))) {
    expected("the name of a variable");
    return std::nullopt;
  }
  if (!boolean) return variables.count(name) != 0 || automata::standardVariables().count(name) != 0;
  auto found = booleans.find(name);
  if (defined) return found != booleans.end();
  if (found != booleans.end()) return found->second;
  engine.report<diag::ProfileVariable>(scanner->here(), name, "is not set");
  return std::nullopt;
}

// `and` binds closer than `or`.
std::optional<bool> ProfileReader::condition(unsigned level) {
  std::optional<bool> any;
  do {
    std::optional<bool> all = factor(level);
    while (all && scanner->takeWord("and")) {
      std::optional<bool> next = factor(level);
      all = next ? std::optional(*all && *next) : std::nullopt;
    }
    if (!all) return std::nullopt;
    any = any.value_or(false) || *all;
  } while (scanner->takeWord("or"));
  return any;
}

std::string ProfileReader::replaceProfileName(llvm::StringRef text) const {
  std::string out;
  size_t done = 0;
  forEachVariable(text, [&](llvm::StringRef name, size_t begin, size_t end) {
    if (name != "profile_name") return;
    out += text.slice(done, begin).str() + literalName(profileName);
    done = end;
  });
  return out + text.drop_front(done).str();
}

std::string ProfileReader::pattern(const Name &name, automata::Slashes slashes) {
  std::string text = replaceProfileName(name.text);
  bool own = false, failed = false;
  forEachVariable(text, [&](llvm::StringRef variable, size_t, size_t) {
    own = own || variables.count(variable) != 0;
    if (variables.count(variable) || automata::standardVariables().count(variable) || failed) return;
    failed = true;
    engine.report<diag::ProfileVariable>(name.range, variable, "is not set");
  });
  if (failed) return "";
  if (own) {
    automata::Variables all = automata::standardVariables();
    for (const auto &entry : variables)
      all[entry.first()] = entry.second;
    llvm::Expected<std::string> expanded = automata::expandVariables(text, all, slashes);
    if (!expanded) {
      engine.report<diag::ProfilePattern>(name.range, llvm::toString(expanded.takeError()));
      return "";
    }
    text = std::move(*expanded);
  }
  if (llvm::Expected<automata::Pattern> parsed = automata::parsePattern(text); !parsed) {
    engine.report<diag::ProfilePattern>(name.range, llvm::toString(parsed.takeError()));
    return "";
  }
  return text;
}

} // namespace snapsecc::reader
