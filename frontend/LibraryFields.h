// SPDX-License-Identifier: Apache-2.0
// What the structs of a checked library consist of, in one line each, for what goes through all of it. A member that is
// missing here does not compile.
#pragma once
#include "frontend/Library.h"
#include <concepts>
#include <tuple>

namespace snapsecc {

template <class T, class U>
concept Is = std::same_as<std::remove_const_t<T>, U>;

// fields(x): references to the members of x, in their order.
#define FIELDS(T, ...)                                                                                                 \
  inline auto fields(Is<T> auto &x) {                                                                                  \
    auto &[__VA_ARGS__] = x;                                                                                           \
    return std::tie(__VA_ARGS__);                                                                                      \
  }

FIELDS(SourceRange, file, begin, end)
namespace ir {
FIELDS(Match, filled)
FIELDS(Match::Filled, part, item)
} // namespace ir
namespace ast {
FIELDS(StringLiteral, pieces)
FIELDS(StringLiteral::Piece, range, text, embedded)
FIELDS(Number, value, last, wide)
FIELDS(Reference, path, pathRanges, isCall, args)
FIELDS(List, elements)
FIELDS(Record, recordFields)
FIELDS(Operation, kind, operands)
FIELDS(Expr, range, node)
FIELDS(Argument, name, nameRange, value)
FIELDS(Item, range, arrow, values)
FIELDS(Block, range, statements)
FIELDS(TypeExpr, range, name, element, record, refinements)
FIELDS(Let, name, nameRange, type, value)
FIELDS(CheckStatement, condition, message)
FIELDS(When, condition, then, otherwise, hasElse)
FIELDS(For, name, nameRange, list, body)
FIELDS(Field, name, nameRange, optional, type, value)
FIELDS(Rule, items, condition, block, kind, modifiers, firstItem, match)
FIELDS(Statement, range, doc, docRange, node)
FIELDS(File, id, statements)
} // namespace ast
FIELDS(Type, kind, min, max, glob, matching, under, words, nonempty, unique, single, element, record, optional,
       patternCharacters)
FIELDS(RecordType, name, range, closed, members, cases, block)
FIELDS(RecordType::Field, name, doc, range, type, fallback, node, conditions)
FIELDS(RecordType::Case, name, members, block)
FIELDS(Interface, name, summary, range, implicit, install, provider, connects, refreshAffectsPlug, conflicts, plug,
       slot, lets, checks, hotplugs, tests)
FIELDS(Interface::Implicit, side, hosts, condition)
FIELDS(Interface::Who, given, never, providers, condition, range)
FIELDS(Interface::Connect, level, manySlots, condition, range)
FIELDS(Interface::Side, attributes, schemas, always, connected)
FIELDS(Interface::Hotplug, range, matches, condition, attributes, handled, block)
FIELDS(Template, name, summary, range, condition, block)
FIELDS(Fragment, name, range, parameters, block)
FIELDS(Fragment::Parameter, name, type)
FIELDS(Overlay, snap, interface, apps, range, block)
FIELDS(Never, automatic, except, statement)
FIELDS(Library, files, interfaces, templates, fragments, types, lets, overlays, nevers, tests, dataFiles, resolvedTypes,
       words) // the trees first: all else points into them
#undef FIELDS

} // namespace snapsecc
