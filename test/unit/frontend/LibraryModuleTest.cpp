// SPDX-License-Identifier: Apache-2.0
// The whole library saved and read back is the same to the last pointer; what is damaged or of another key is not read,
// and does no harm where its checksum is right.
#include "frontend/LibraryModule.h"
#include "frontend/PrintLibrary.h"
#include "llvm/Support/xxhash.h"
#include <gtest/gtest.h>
#include <random>

using namespace snapsecc;

namespace {

struct Loaded {
  SourceManager sources;
  Engine engine{sources};
  std::vector<FileId> files;
  std::unique_ptr<Library> library;
  explicit Loaded(unsigned filesBefore = 0) {
    for (unsigned i = 0; i < filesBefore; ++i)
      sources.add("before", "");
    files = readSources("stdlib", {}, engine);
  }
  void checkAll() {
    library = checkSources(files, engine);
    EXPECT_TRUE(engine.diagnostics().empty());
  }
  std::string printed() const {
    std::string text;
    llvm::raw_string_ostream out(text);
    printLibrary(*library, sources, out);
    return out.str();
  }
};

constexpr size_t headSize = sizeof("snapsecc library\n") - 1 + sizeof("key") - 1;

// The checksum behind the head made right again.
std::string sealed(std::string bytes) {
  uint64_t sum = llvm::xxHash64(llvm::StringRef(bytes).drop_front(headSize + 8));
  for (unsigned i = 0; i < 8; ++i)
    bytes[headSize + i] = static_cast<char>(sum >> (8 * i));
  return bytes;
}

TEST(LibraryModule, ReadsWhatItWrote) {
  Loaded text, saved(3);
  text.checkAll();
  std::string bytes = writeModule(*text.library, "key", text.files);
  saved.library = readModule(bytes, "key", saved.files);
  ASSERT_TRUE(saved.library);
  EXPECT_EQ(saved.printed(), text.printed());
  EXPECT_EQ(writeModule(*saved.library, "key", saved.files), bytes);
}

TEST(LibraryModule, DoesNotReadWhatIsDamaged) {
  Loaded text;
  text.checkAll();
  const std::string bytes = writeModule(*text.library, "key", text.files);
  EXPECT_FALSE(readModule(bytes, "kez", text.files));
  EXPECT_FALSE(readModule("", "key", text.files));
  std::mt19937 random(1);
  for (unsigned i = 0; i < 200; ++i) {
    std::string damaged = bytes;
    damaged[random() % damaged.size()] ^= static_cast<char>(1 << random() % 8);
    EXPECT_FALSE(readModule(damaged, "key", text.files));
    EXPECT_FALSE(readModule(llvm::StringRef(bytes).take_front(random() % bytes.size()), "key", text.files));
  }
  EXPECT_FALSE(readModule(bytes + "x", "key", text.files));
  EXPECT_FALSE(readModule(sealed(bytes + "x"), "key", text.files));
  EXPECT_FALSE(readModule(bytes, "key", llvm::makeArrayRef(text.files).drop_back())) << "a range out of all files";
}

TEST(LibraryModule, SurvivesWhatADamageCouldSay) {
  SourceManager sources;
  Engine engine(sources);
  FileId file = sources.add("small.sif", R"(type Pair { a: text max 3; b?: [path under "/x"] nonempty; }
let mode = "a" if 1 == 2 else "b";
fragment f(p: path, l: [Pair]) { for x in l { file "${p}/${x.a}" r; } }
interface x { attrs plug { use Pair; when a == "1" { c: bool; } } connect auto if not set(plug.b); plug { use f("/x", []); } }
)");
  std::unique_ptr<Library> library = checkSources(file, engine);
  ASSERT_FALSE(engine.hasErrors());
  const std::string bytes = writeModule(*library, "key", file);
  std::mt19937 random(2);
  unsigned whole = 0;
  for (unsigned i = 0; i < 20000; ++i) {
    std::string damaged = bytes;
    for (unsigned n = 1 + random() % 3; n > 0; --n)
      damaged[headSize + 8 + random() % (bytes.size() - headSize - 8)] = static_cast<char>(random());
    whole += readModule(sealed(damaged), "key", file) != nullptr;
  }
  EXPECT_GT(whole, 0u);
  EXPECT_LT(whole, 20000u);
}

} // namespace
