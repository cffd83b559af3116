// SPDX-License-Identifier: Apache-2.0
// completion SHELL: completion scripts and the manual page, from the same tables as the help.
#include "driver/CommonOptions.h"
#include "driver/Driver.h"
#include "driver/Session.h"
#include "llvm/ADT/StringExtras.h"

namespace snapsecc::driver {
namespace {

template <class F> void eachOption(const Command &command, F use) {
  for (const OptionGroup &group : command.groups)
    for (const Option &option : group.options)
      use(option);
}

std::string optionWords(const Command &command) {
  std::string words;
  eachOption(command, [&](const Option &option) {
    words += (words.empty() ? "" : " ") + std::string(option.name);
    if (option.alias) words += std::string(" ") + option.alias;
    if (option.kind == Option::Kind::Switch) words += " --no-" + std::string(option.name + 2);
  });
  return words;
}

void printBash(llvm::raw_ostream &out) {
  std::string names;
  for (const Command *command : allCommands())
    names += (names.empty() ? "" : " ") + std::string(command->name);
  out << "# bash completion of snapsecc: source this file\n"
         "_snapsecc() {\n  local word=${COMP_WORDS[COMP_CWORD]} last=${COMP_WORDS[COMP_CWORD-1]} words=\n  "
         "COMPREPLY=()\n"
         "  if [ \"$COMP_CWORD\" = 1 ]; then COMPREPLY=($(compgen -W '"
      << names << " --help --version' -- \"$word\")); return; fi\n  case ${COMP_WORDS[1]} in\n";
  for (const Command *command : allCommands()) {
    out << "  " << command->name << ")\n    words='" << optionWords(*command) << "'\n    case $last in\n";
    eachOption(*command, [&](const Option &option) {
      if (option.choices)
        out << "    " << option.name << ") COMPREPLY=($(compgen -W '"
            << llvm::join(llvm::split(option.choices, '|'), " ") << "' -- \"$word\")); return ;;\n";
    });
    out << "    esac ;;\n";
  }
  out << "  esac\n  case $word in\n  -*) COMPREPLY=($(compgen -W \"$words\" -- \"$word\")) ;;\n"
         "  *) COMPREPLY=($(compgen -f -- \"$word\")) ;;\n  esac\n}\ncomplete -o filenames -F _snapsecc snapsecc\n";
}

// Quoted for fish and, with ' doubled as '\'' , for zsh.
std::string quoted(llvm::StringRef text, llvm::StringRef apostrophe) {
  std::string result = "'";
  for (char c : text)
    result += c == '\'' ? apostrophe.str() : std::string(1, c);
  return result + "'";
}

void printZsh(llvm::raw_ostream &out) {
  out << "#compdef snapsecc\n# zsh completion of snapsecc: a file _snapsecc in $fpath\n_snapsecc() {\n  local -a "
         "commands\n  commands=(\n";
  for (const Command *command : allCommands())
    out << "    " << quoted((llvm::Twine(command->name) + ":" + command->summary).str(), "'\\''") << "\n";
  out << "  )\n  if (( CURRENT == 2 )); then _describe command commands; return; fi\n  case $words[2] in\n";
  for (const Command *command : allCommands()) {
    out << "  " << command->name << ") _arguments";
    eachOption(*command, [&](const Option &option) {
      std::string help;
      for (llvm::StringRef rest = option.help; !rest.empty(); rest = rest.drop_front())
        help += (llvm::StringRef("[]:\\").contains(rest[0]) ? "\\" : "") + rest.take_front().str();
      std::string spec = std::string(option.many ? "*" : "") + option.name + "[" + help + "]";
      if (option.kind == Option::Kind::Value)
        spec += std::string(":") + option.value + ":" +
                (option.choices ? "(" + llvm::join(llvm::split(option.choices, '|'), " ") + ")" : "_files");
      out << " \\\n    " << quoted(spec, "'\\''");
    });
    out << " \\\n    '*:file:_files' ;;\n";
  }
  out << "  esac\n}\n_snapsecc \"$@\"\n";
}

void printFish(llvm::raw_ostream &out) {
  out << "# fish completion of snapsecc: ~/.config/fish/completions/snapsecc.fish\n";
  for (const Command *command : allCommands()) {
    out << "complete -c snapsecc -n __fish_use_subcommand -f -a " << command->name << " -d "
        << quoted(command->summary, "\\'") << "\n";
    eachOption(*command, [&](const Option &option) {
      llvm::StringRef name = option.name;
      out << "complete -c snapsecc -n '__fish_seen_subcommand_from " << command->name << "'"
          << (name.startswith("--") ? " -l " + name.drop_front(2)
                                    : (name.size() > 2 ? " -o " : " -s ") + name.drop_front(1));
      if (option.alias) out << " -s " << (option.alias + 1);
      if (option.choices)
        out << " -x -a '" << llvm::join(llvm::split(option.choices, '|'), " ") << "'";
      else if (option.kind == Option::Kind::Value)
        out << " -r";
      out << " -d " << quoted(option.help, "\\'") << "\n";
    });
  }
}

// For troff: a leading dot or apostrophe is no request, a dash no hyphen.
std::string roff(llvm::StringRef text) {
  std::string result;
  for (char c : text)
    result += c == '\\' ? "\\e" : c == '-' ? "\\-" : std::string(1, c);
  return (text.startswith(".") || text.startswith("'") ? "\\&" : "") + result;
}

void printMan(llvm::raw_ostream &out) {
  out << ".TH SNAPSECC 1 \"\" \"snapsecc " << SNAPSECC_VERSION
      << "\"\n.SH NAME\nsnapsecc \\- compile sandbox policy for snaps\n"
      << ".SH SYNOPSIS\n.B snapsecc\n.I COMMAND\n[options] [operands]\n";
  for (const Command *command : allCommands()) {
    out << ".SH " << roff(llvm::StringRef(command->name).upper()) << "\n.B snapsecc " << roff(command->name)
        << "\n[options] " << roff(command->operands) << "\n.PP\n"
        << roff(command->summary) << "\n";
    if (*command->text) out << ".PP\n" << roff(command->text) << "\n";
    eachOption(*command, [&](const Option &option) {
      out << ".TP\n.B " << (option.alias ? roff(option.alias) + ", " : "") << roff(option.name);
      if (option.value) out << " \\fI" << roff(option.value) << "\\fR";
      out << "\n" << roff(option.help) << "\n";
    });
    for (llvm::StringRef example : command->examples) {
      auto [words, comment] = example.split(" # ");
      out << ".PP\n" << roff(comment) << "\n.PP\n.nf\n" << roff(words) << "\n.fi\n";
    }
  }
  out << ".SH EXIT STATUS\n0 done, 1 errors in policy or metadata, 2 wrong call, 3 the disk or a tool failed, 4 no or "
         "different.\n";
}

int runCompletion(const Arguments &arguments, Session &session) {
  llvm::StringRef what = arguments.operands.front();
  if (what == "bash")
    printBash(session.out);
  else if (what == "zsh")
    printZsh(session.out);
  else if (what == "fish")
    printFish(session.out);
  else if (what == "man")
    printMan(session.out);
  else
    return session.usage("'" + what + "' is not one of bash, zsh, fish, man");
  return Done;
}

constexpr OptionGroup groups[] = {{"Options", commonOptions}};

} // namespace

const Command completionCommand = {"completion",
                                   "bash|zsh|fish|man",
                                   "a completion script, or the manual page, on stdout",
                                   "",
                                   {"source <(snapsecc completion bash) # Completion in this shell.",
                                    "snapsecc completion man >snapsecc.1 # The manual page."},
                                   groups,
                                   1,
                                   1,
                                   runCompletion};

} // namespace snapsecc::driver
