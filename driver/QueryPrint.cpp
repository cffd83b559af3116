// SPDX-License-Identifier: Apache-2.0
#include "driver/QueryAnswer.h"
#include "ir/Text.h"
#include "llvm/ADT/StringSwitch.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/JSON.h"

namespace snapsecc::driver {

using analysis::Decision;
using analysis::Extent;

namespace {

namespace json = llvm::json;

llvm::StringRef sentence(const analysis::Verdict &verdict) {
  return llvm::StringSwitch<llvm::StringRef>(analysis::name(verdict))
      .Case("allowed", "allowed")
      .Case("owner", "allowed to the owner of the file alone")
      .Case("partly", "allowed under conditions that the question leaves open")
      .Default("denied");
}

std::string printed(const ir::Rule &rule) { return llvm::StringRef(ir::printRule(rule)).rtrim(";{ ").str(); }

void printDecisions(const ir::Policy &policy, const char *effect, llvm::ArrayRef<Decision> decisions,
                    llvm::raw_ostream &out) {
  for (const Decision &decision : decisions) {
    std::string from = printOrigins(policy, decision.rule);
    out << "    " << effect << (decision.extent == Extent::Part ? " in part: " : ": ") << printed(decision.rule)
        << (from.empty() ? "" : "   " + from) << "\n";
  }
}

json::Array jsonDecisions(const ir::Policy &policy, llvm::ArrayRef<Decision> decisions) {
  json::Array rules;
  for (const Decision &decision : decisions) {
    json::Array origins;
    for (ir::OriginId id : decision.rule.origins) {
      const ir::Origin &origin = policy.origins[id];
      origins.push_back(json::Object{
          {"file", json::fixUTF8(origin.file)}, {"line", origin.line}, {"of", json::fixUTF8(origin.owner)}});
    }
    rules.push_back(json::Object{{"rule", json::fixUTF8(printed(decision.rule))},
                                 {"extent", decision.extent == Extent::Whole ? "whole" : "part"},
                                 {"origins", std::move(origins)}});
  }
  return rules;
}

} // namespace

std::string printOrigins(const ir::Policy &policy, const ir::Rule &rule) {
  std::string text;
  for (ir::OriginId id : rule.origins) {
    const ir::Origin &origin = policy.origins[id];
    text += text.empty() ? "" : ", ";
    if (!origin.file.empty()) text += origin.file + ":" + std::to_string(origin.line);
    if (!origin.owner.empty()) text += (origin.file.empty() ? "(" : " (") + origin.owner + ")";
  }
  return text;
}

void printText(const ir::Policy &policy, const LabelAnswer &answer, llvm::raw_ostream &out) {
  out << answer.label << ": " << sentence(answer.verdict) << "\n";
  for (const MechanismAnswer &mechanism : answer.mechanisms) {
    const analysis::Answer &own = mechanism.answer;
    out << "  " << mechanism.mechanism << (mechanism.asked.empty() ? "" : ", " + mechanism.asked) << ": "
        << sentence(own.verdict);
    if (!mechanism.remark.empty())
      out << ", " << mechanism.remark;
    else if (own.denials.empty() && !own.verdict.allowed())
      out << ", no rule grants " << (own.grants.empty() ? "it" : "all of it");
    out << "\n";
    printDecisions(policy, "allow", own.grants, out);
    printDecisions(policy, "deny", own.denials, out);
  }
  for (const std::string &note : answer.notes)
    out << "  " << note << "\n";
}

void printJson(const ir::Policy &policy, const ir::Rule &access, llvm::ArrayRef<LabelAnswer> answers,
               llvm::raw_ostream &out) {
  json::Array all;
  bool allowed = false;
  for (const LabelAnswer &answer : answers) {
    json::Array mechanisms;
    for (const MechanismAnswer &mechanism : answer.mechanisms)
      mechanisms.push_back(json::Object{{"mechanism", mechanism.mechanism},
                                        {"asked", json::fixUTF8(mechanism.asked)},
                                        {"verdict", analysis::name(mechanism.answer.verdict)},
                                        {"remark", mechanism.remark},
                                        {"allow", jsonDecisions(policy, mechanism.answer.grants)},
                                        {"deny", jsonDecisions(policy, mechanism.answer.denials)}});
    allowed |= answer.verdict.allowed();
    all.push_back(json::Object{{"label", json::fixUTF8(answer.label)},
                               {"verdict", analysis::name(answer.verdict)},
                               {"mechanisms", std::move(mechanisms)},
                               {"notes", json::Array(answer.notes)}});
  }
  json::Object root{{"access", json::fixUTF8(printed(access))}, {"allowed", allowed}, {"answers", std::move(all)}};
  out << llvm::formatv("{0:2}\n", json::Value(std::move(root)));
}

} // namespace snapsecc::driver
