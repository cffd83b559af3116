// SPDX-License-Identifier: Apache-2.0
// Stands in front of ANTLR's header of this name, which the generated code includes: the part of the runtime that we use. The whole
// of it does not compile with Clang and libstdc++ 12 (misc/InterpreterDataReader.h default-initialises a const std::vector).
#pragma once
#include "ANTLRInputStream.h"
#include "BailErrorStrategy.h"
#include "CommonTokenStream.h"
#include "Exceptions.h"
#include "FailedPredicateException.h"
#include "InputMismatchException.h"
#include "Lexer.h"
#include "NoViableAltException.h"
#include "Parser.h"
#include "ParserRuleContext.h"
#include "Vocabulary.h"
#include "antlr4-common.h"
#include "atn/ATNDeserializer.h"
#include "atn/LexerATNSimulator.h"
#include "atn/ParserATNSimulator.h"
#include "dfa/DFA.h"
#include "misc/IntervalSet.h"
#include "support/CPPUtils.h"
#include "tree/TerminalNode.h"
