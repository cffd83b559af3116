// SPDX-License-Identifier: Apache-2.0
// The tokens of a file, one after the other, onto lines of at most 140 columns.
//   1. A statement begins a line, two columns deeper for each block around it; so does an element of a table.
//   2. What is longer than a line is filled: broken only where it may be, as late and as far outside of
//      parentheses as possible, and goes on four columns deeper.
//   3. A block stays on one line if its first statement was written on the line of its brace, and all of it fits.
//   4. Comments stay before or behind the token where they stood; of empty lines, one is kept.
#include "frontend/Format.h"
#include "frontend/BuildAst.h"
#include "frontend/FormatTokens.h"
#include "llvm/ADT/STLExtras.h"

namespace snapsecc {
namespace {

using formatting::Comment;
using formatting::Token;

constexpr size_t width = 140, step = 2, continuation = 4;

size_t columns(llvm::StringRef text) {
  return static_cast<size_t>(llvm::count_if(text, [](char c) { return (c & 0xc0) != 0x80; }));
}

class Layout {
public:
  explicit Layout(std::vector<Token> laidOut) : tokens(std::move(laidOut)) {}

  std::string run() {
    for (at = 0; at < tokens.size(); ++at)
      place();
    llvm::StringRef text = llvm::StringRef(out).rtrim();
    return text.empty() ? "" : (text + "\n").str();
  }

private:
  struct Container {
    bool isBroken; // its statements stand on lines of their own
    size_t indent;
  };

  void place() {
    const Token &token = tokens[at];
    bool isFirst = at == 0 || tokens[at - 1].opens();
    for (const Comment &comment : token.before) {
      newLine(begins(token) || token.closes() ? open.back().indent : open.back().indent + continuation,
              comment.blankBefore && !isFirst);
      put(comment.text);
      isFirst = false;
    }
    if (token.closes()) {
      bool wasBroken = open.back().isBroken;
      open.pop_back();
      if (wasBroken)
        newLine(open.back().indent);
      else if (token.space)
        put(" ");
    } else if (begins(token)) {
      newLine(open.back().indent, token.blankBefore && !isFirst);
      isContinued = false;
    } else if (mustBreak(token)) {
      newLine(open.back().indent + continuation);
      isContinued = true;
    } else if (token.isElse && elseBegins()) {
      newLine(open.back().indent);
    } else if (token.space) {
      put(" ");
    }
    put(token.text);
    if (!token.behind.empty()) put(" " + token.behind);
    if (token.opens()) open.push_back({!isFlat(at), open.back().indent + step});
  }

  bool isEnd(const Token &token) const { return &token == &tokens.back(); }
  bool begins(const Token &token) const { return (token.startsStatement && open.back().isBroken) || isEnd(token); }
  bool mustBreak(const Token &token) const {
    if (!token.before.empty() || (at > 0 && !tokens[at - 1].behind.empty())) return true;
    return token.mayBreak && open.back().isBroken && column + segment(at) > width;
  }

  // ---- lines
  void newLine(size_t indent, bool afterEmpty = false) {
    if (!out.empty()) out += afterEmpty ? "\n\n" : "\n";
    out.append(indent, ' ');
    column = indent;
  }
  void put(llvm::StringRef text) {
    out += text;
    column += columns(text);
  }

  // ---- widths
  // From a token to where the line may be broken next, as far outside of parentheses.
  size_t segment(size_t first) const {
    size_t sum = 0;
    for (size_t i = first; i < tokens.size(); ++i) {
      const Token &token = tokens[i];
      bool mayBreak = token.mayBreak && token.depth <= tokens[first].depth;
      if (i > first && (mayBreak || token.startsStatement || token.isElse || !token.before.empty())) break;
      sum += columns(token.text) + token.space;
      if (token.opens() || !token.behind.empty()) break;
    }
    return sum;
  }
  size_t flatWidth(size_t first, size_t last) const {
    size_t sum = 0;
    for (size_t i = first; i <= last; ++i)
      sum += columns(tokens[i].text) + tokens[i].space;
    return sum;
  }
  // Was the block written on one line, from its brace on?
  bool couldBeFlat(size_t bracket) const {
    for (size_t i = bracket; i < tokens[bracket].partner; ++i) {
      const Token &token = tokens[i], &next = tokens[i + 1];
      bool breaks = !token.behind.empty() || !next.before.empty() || (next.isElse && next.startsLine) ||
                    (token.opens() && next.startsLine && i + 1 != token.partner);
      if (breaks) return false;
    }
    return true;
  }
  // Of the block whose brace was just written.
  bool isFlat(size_t bracket) const {
    size_t partner = tokens[bracket].partner;
    if (!open.back().isBroken) return true;
    if (!couldBeFlat(bracket) || (isContinued && partner != bracket + 1)) return false;
    size_t behind = partner + 1 < tokens.size() ? segment(partner + 1) : 0;
    if (partner + 1 < tokens.size() && (tokens[partner + 1].startsStatement || tokens[partner + 1].isElse)) behind = 0;
    return column + flatWidth(bracket + 1, partner) + behind <= width;
  }
  // Behind a block of several lines an `else` stands on the line of the brace; behind another one only if it was
  // written so and fits.
  bool elseBegins() const {
    size_t line = out.rfind('\n') + 1;
    if (llvm::StringRef(out).substr(line).ltrim() == "}") return false;
    size_t bracket = at;
    while (tokens[bracket].bracket != Token::Bracket::OpensBlock)
      ++bracket;
    return open.back().isBroken &&
           (tokens[at].startsLine || !couldBeFlat(bracket) || column + flatWidth(at, tokens[bracket].partner) > width);
  }

  std::vector<Token> tokens;
  size_t at = 0;
  std::string out;
  size_t column = 0;
  bool isContinued = false; // the statement has gone on to another line
  std::vector<Container> open = {{true, 0}};
};

// What a file says, without where it says it.
std::string meaning(const ast::File &file, const SourceManager &sources) {
  std::string text;
  llvm::raw_string_ostream out(text);
  printAst(file, sources, out, /*places=*/false);
  return out.str();
}

} // namespace

llvm::Expected<std::string> format(FileId file, Engine &engine) {
  std::string before = engine.sources().file(file).text().str();
  size_t errors = engine.errorCount();
  grammar::ParseTree tree = grammar::parse(file, engine);
  ast::File written = buildAst(tree, engine);
  if (engine.errorCount() > errors) return before;

  std::string text = Layout(formatting::readTokens(tree, engine.sources())).run();
  SourceManager sources;
  Engine quiet(sources);
  FileId again = sources.add("", text);
  ast::File formatted = buildAst(grammar::parse(again, quiet), quiet);
  if (quiet.hasErrors() || meaning(formatted, sources) != meaning(written, engine.sources()))
    return llvm::createStringError(std::errc::state_not_recoverable,
                                   "a mistake of the formatter would change what the file means; please report it");
  return text;
}

} // namespace snapsecc
