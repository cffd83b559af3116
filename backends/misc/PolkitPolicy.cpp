// SPDX-License-Identifier: Apache-2.0
// Reads a file of polkit(8), "DECLARING ACTIONS", with expat: known elements only, no entities of its own. Annotations
// can do more than describe: org.freedesktop.policykit.imply grants other actions, exec.path lets pkexec run a program.
#include "backends/misc/PolkitPolicy.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include <expat.h>
#include <memory>
#include <vector>

namespace snapsecc::misc {
namespace {

constexpr llvm::StringRef elements[] = {"policyconfig", "vendor",       "vendor_url", "icon_name",
                                        "action",       "description",  "message",    "defaults",
                                        "allow_any",    "allow_active", "annotate",   "allow_inactive"};
constexpr llvm::StringRef answers[] = {"no", "yes", "auth_self", "auth_admin", "auth_self_keep", "auth_admin_keep"};
constexpr llvm::StringRef imply = "org.freedesktop.policykit.imply", ownerKey = "org.freedesktop.policykit.owner";

class Reader {
public:
  Reader(XML_Parser from, llvm::StringRef actionPrefix) : parser(from), prefix(actionPrefix) {}

  void start(llvm::StringRef name, const char **attributes) {
    text.clear();
    key.clear();
    if (open.empty() != (name == "policyconfig") || !llvm::is_contained(elements, name))
      return fail("element <" + name.str() + "> is not known there");
    open.push_back(name.str());
    if (open.size() > 8) return fail("elements are nested too deep");
    std::string id;
    for (; *attributes; attributes += 2) {
      if (llvm::StringRef(attributes[0]) == "id") id = attributes[1];
      if (llvm::StringRef(attributes[0]) == "key") key = attributes[1];
    }
    if (name == "action") checkAction(id);
    if (name == "annotate" && key != imply && key != ownerKey) fail("annotation '" + key + "' is not allowed");
  }
  void end() {
    if (open.empty()) return;
    std::string name = std::move(open.back());
    open.pop_back();
    llvm::StringRef value = llvm::StringRef(text).trim();
    if (llvm::StringRef(name).startswith("allow_") && !llvm::is_contained(answers, value))
      fail("'" + value.str() + "' is no answer of polkit");
    if (name == "annotate" && key == imply) {
      llvm::SmallVector<llvm::StringRef, 4> actions;
      llvm::SplitString(value, actions);
      for (llvm::StringRef action : actions)
        checkAction(action);
    }
    text.clear();
  }
  void characters(const char *data, int size) { text.append(data, static_cast<size_t>(size)); }
  void fail(std::string message) {
    if (!error.empty()) return;
    error = "line " + std::to_string(XML_GetCurrentLineNumber(parser)) + ": " + message;
    XML_StopParser(parser, XML_FALSE);
  }
  std::string error;

private:
  void checkAction(llvm::StringRef id) {
    llvm::StringRef rest = id;
    if (!rest.consume_front(prefix) || !(rest.empty() || rest.startswith(".")))
      fail("action '" + id.str() + "' does not begin with '" + prefix.str() + "'");
  }

  XML_Parser parser;
  llvm::StringRef prefix;
  std::vector<std::string> open;
  std::string text, key;
};

} // namespace

std::string checkPolkitPolicy(llvm::StringRef xml, llvm::StringRef prefix) {
  std::unique_ptr<XML_ParserStruct, decltype(&XML_ParserFree)> parser(XML_ParserCreate("UTF-8"), XML_ParserFree);
  if (!parser) return "no memory to read it";
  if (xml.size() > 1u << 20) return "it has more than a megabyte";
  Reader reader(parser.get(), prefix);
  XML_SetUserData(parser.get(), &reader);
  XML_SetElementHandler(
      parser.get(),
      [](void *data, const char *name, const char **attributes) {
        static_cast<Reader *>(data)->start(name, attributes);
      },
      [](void *data, const char *) { static_cast<Reader *>(data)->end(); });
  XML_SetCharacterDataHandler(parser.get(), [](void *data, const char *text, int size) {
    static_cast<Reader *>(data)->characters(text, size);
  });
  XML_SetEntityDeclHandler(
      parser.get(), [](void *data, const char *, int, const char *, int, const char *, const char *, const char *,
                       const char *) { static_cast<Reader *>(data)->fail("it declares an entity"); });
  bool read = XML_Parse(parser.get(), xml.data(), static_cast<int>(xml.size()), XML_TRUE) == XML_STATUS_OK;
  if (read || !reader.error.empty()) return reader.error;
  return "line " + std::to_string(XML_GetCurrentLineNumber(parser.get())) + ": " +
         XML_ErrorString(XML_GetErrorCode(parser.get()));
}

} // namespace snapsecc::misc
