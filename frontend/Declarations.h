// SPDX-License-Identifier: Apache-2.0
// The statements that are no rules, and the types with their refinements, as Declarations.def lists them.
#pragma once
#include "ir/Signature.h"
#include "llvm/ADT/StringRef.h"

namespace snapsecc {

enum class DeclarationKind : uint8_t {
#define DECLARATION(Id, Keyword, Places, Signature, Block, Doc) Id,
#define TYPE(Id, Name, Refinements, Doc)
#include "frontend/Declarations.def"
#undef DECLARATION
#undef TYPE
};

enum Place : uint8_t { Unit = 1, InInterface = 2, InAttrs = 4, InRules = 8, InHotplug = 16, InTest = 32 };

enum class BlockKind : uint8_t { None, Interface, Rules, Attrs, MaybeAttrs, Hotplug, Test };

struct Declaration {
  DeclarationKind kind;
  const char *keyword;
  uint8_t places;
  const char *signatureText;
  ir::Signature signature;
  BlockKind block;
  const char *doc;
  bool takesCondition() const { return llvm::StringRef(signatureText).endswith("IF?") || needsCondition(); }
  bool needsCondition() const { return llvm::StringRef(signatureText).endswith("IF"); }
};
llvm::ArrayRef<Declaration> allDeclarations();
const Declaration *findDeclaration(llvm::StringRef keyword, Place place);
const Declaration &declaration(DeclarationKind kind);

struct TypeDeclaration {
  const char *name;
  ir::Signature refinements;
  const char *refinementsText, *doc;
};
llvm::ArrayRef<TypeDeclaration> allTypeDeclarations();
const TypeDeclaration *findTypeDeclaration(llvm::StringRef name); // "[T]" for lists

// Words that the signatures of rules and declarations use, and the roots of facts: no let, parameter or loop variable
// is named so.
bool isReservedName(llvm::StringRef name);

} // namespace snapsecc
