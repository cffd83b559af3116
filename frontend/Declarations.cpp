// SPDX-License-Identifier: Apache-2.0
// Declarations.def, its signatures read once.
#include "frontend/Declarations.h"
#include "ir/RuleKinds.h"
#include "llvm/ADT/STLExtras.h"
#include <cassert>
#include <set>

namespace snapsecc {

llvm::ArrayRef<Declaration> allDeclarations() {
  static const std::vector<Declaration> declarations = {
#define DECLARATION(Id, Keyword, Places, Text, Block, Doc)                                                             \
  {DeclarationKind::Id, Keyword, Places, Text, ir::parseSignature(Text), BlockKind::Block, Doc},
#define TYPE(Id, Name, Refinements, Doc)
#include "frontend/Declarations.def"
#undef DECLARATION
#undef TYPE
  };
  return declarations;
}

const Declaration *findDeclaration(llvm::StringRef keyword, Place place) {
  const Declaration *found = llvm::find_if(
      allDeclarations(), [&](const Declaration &one) { return keyword == one.keyword && (one.places & place) != 0; });
  return found == allDeclarations().end() ? nullptr : found;
}

const Declaration &declaration(DeclarationKind kind) { return allDeclarations()[static_cast<size_t>(kind)]; }

llvm::ArrayRef<TypeDeclaration> allTypeDeclarations() {
  static const std::vector<TypeDeclaration> types = {
#define DECLARATION(Id, Keyword, Places, Text, Block, Doc)
#define TYPE(Id, Name, Refinements, Doc) {Name, ir::parseSignature(Refinements), Refinements, Doc},
#include "frontend/Declarations.def"
#undef DECLARATION
#undef TYPE
  };
  return types;
}

const TypeDeclaration *findTypeDeclaration(llvm::StringRef name) {
  const TypeDeclaration *found =
      llvm::find_if(allTypeDeclarations(), [&](const TypeDeclaration &one) { return name == one.name; });
  return found == allTypeDeclarations().end() ? nullptr : found;
}

static void addWords(const ir::Element &element, std::set<std::string> &words) {
  if (element.kind == ir::Element::Kind::Word) words.insert(element.words.begin(), element.words.end());
  for (const ir::Element &child : element.children)
    addWords(child, words);
}

bool isReservedName(llvm::StringRef name) {
  static const std::set<std::string> reserved = [] {
    std::set<std::string> words = {"host",  "snap", "app",        "plug", "slot", "event", "self",
                                   "other", "own",  "unconfined", "none", "true", "false", "_"};
    for (const ir::RuleKindInfo &kind : ir::allRuleKinds())
      addWords(kind.signature.root, words);
    return words;
  }();
  return reserved.count(name.str()) != 0;
}

} // namespace snapsecc
